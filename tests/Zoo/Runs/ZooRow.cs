using System.Text.Json.Serialization;

namespace Zoo.Runs;

/// <summary>One run: a network, a mask pattern, a dtype and a policy.</summary>
public sealed record ZooRow
{
    public required string Network { get; init; }

    public required string Pattern { get; init; }

    public required string Dtype { get; init; }

    public required string Policy { get; init; }

    /// <summary>Largest absolute difference to the masked model, divided by its largest output; null where nothing could be compared.</summary>
    public double? MaxRelativeError { get; init; }

    public long ParametersBefore { get; init; }

    public long ParametersAfter { get; init; }

    public long MacsBefore { get; init; }

    public long MacsAfter { get; init; }

    /// <summary>Wall time of the speedup; the median where it was repeated, each time on a new model.</summary>
    public double SpeedupSeconds { get; init; }

    /// <summary>The first one in forward passes, which also pays for compiling what this network needs and no other did before.</summary>
    public double FirstSpeedupPasses { get; init; }

    /// <summary>Memory that the speedup needed at its peak beyond what the process held before, in MB; null where the system does not tell.</summary>
    public double? PeakMegabytes { get; init; }

    /// <summary>Shape of the example input.</summary>
    public string Input { get; init; } = "";

    /// <summary>Median time of one forward pass of the dense model on the example input, just before the speedup.</summary>
    public double ForwardSeconds { get; init; }

    /// <summary>Why channels were kept, most channels first.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>Seconds by phase.</summary>
    public IReadOnlyDictionary<string, double> Phases { get; init; } = new Dictionary<string, double>();

    /// <summary>What went wrong; null where the speedup succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>The largest error that counts as equal.</summary>
    [JsonIgnore]
    public double Tolerance => Dtype == "float64" ? 1e-10 : 1e-5;

    /// <summary>Whether the run did what it should. Under <c>drop</c> no error is too large.</summary>
    [JsonIgnore]
    public bool Passed => Error is null && (Policy == "drop" || MaxRelativeError <= Tolerance);
}
