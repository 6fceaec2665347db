using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.TestKit.Reports;

/// <summary>One thing that went wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="Seed">Seed of the case: <c>Run(cases: 1, seed)</c> repeats it. Null for what concerns the run as a whole.</param>
/// <param name="Type">The dtype in which it happened; null for what concerns the run as a whole.</param>
/// <param name="Message">What happened, with the expected and the actual values.</param>
public sealed record KitFault(KitFaultKind Kind, int? Seed, torch.ScalarType? Type, string Message)
{
    /// <summary>Full name of the handler's class; null where none could be told to be at fault.</summary>
    public string? Handler { get; init; }

    /// <summary>Name of the function that is at fault (<c>Relate</c>, say); null where it could not be told.</summary>
    public string? Function { get; init; }

    /// <summary>Where it shows; null where it shows on no axis.</summary>
    public AxisRef? Axis { get; init; }

    /// <summary>The indices of <see cref="Axis"/> where it shows; empty where there are none in particular.</summary>
    public IReadOnlyList<int> Indices { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(KitFault? other) =>
        other is not null
        && (Kind, Seed, Type, Message, Handler, Function, Axis)
            == (other.Kind, other.Seed, other.Type, other.Message, other.Handler, other.Function, other.Axis)
        && Indices.SequenceEqual(other.Indices);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Seed, Type, Message);

    /// <inheritdoc/>
    public override string ToString()
    {
        string place = $"{WhoseFault()}{WhereItShows()}";
        string text = place.Length == 0 ? Message : $"{place}: {Message}";
        return Seed is null ? $"{Kind}: {text}" : $"{Kind} in {Type}, seed {Seed}: {text} Repeat it with Run(cases: 1, seed: {Seed}).";
    }

    private string WhoseFault() =>
        Handler is null ? ""
        : Function is null ? Handler
        : $"{Handler}.{Function}";

    private string WhereItShows()
    {
        if (Axis is not { } axis)
            return "";
        string where =
            Indices.Count == 0
                ? axis.Describe()
                : $"{(Indices.Count == 1 ? "index" : "indices")} {string.Join(' ', Indices)} of {axis.Describe()}";
        return Handler is null ? where : $", {where}";
    }
}
