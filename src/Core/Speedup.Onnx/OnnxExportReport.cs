namespace Speedup.Onnx;

/// <summary>What was exported.</summary>
public sealed record OnnxExportReport
{
    /// <summary>The file.</summary>
    public required string FilePath { get; init; }

    /// <summary>The file that holds the weights; null where the first does.</summary>
    public string? DataPath { get; init; }

    /// <summary>Bytes of both.</summary>
    public required long Size { get; init; }

    /// <summary>The inputs, in the order of the model's.</summary>
    public required IReadOnlyList<OnnxPort> Inputs { get; init; }

    /// <summary>The outputs, in the order of the model's.</summary>
    public required IReadOnlyList<OnnxPort> Outputs { get; init; }

    /// <summary>How many nodes there are of each operator.</summary>
    public required IReadOnlyDictionary<string, int> Nodes { get; init; }

    /// <summary>The shapes of the inputs on which the file was run; none without a verifier.</summary>
    public IReadOnlyList<string> Verified { get; init; } = [];

    /// <summary>The largest difference seen, relative to the largest number of an output.</summary>
    public double MaxRelativeError { get; init; }

    /// <summary>What a user of the file is to know: sizes that could not follow the input, paths that were not taken.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
