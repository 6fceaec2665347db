namespace Speedup.Core.Reporting;

/// <summary>One module before and after.</summary>
public sealed record LayerReport
{
    /// <summary>Dotted path from the root.</summary>
    public required string Path { get; init; }

    /// <summary>CLR type name of the module.</summary>
    public required string Type { get; init; }

    /// <summary>Shapes of parameters and buffers before, by name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<long>> ShapesBefore { get; init; }

    /// <summary>Shapes of parameters and buffers after, by name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<long>> ShapesAfter { get; init; }

    /// <summary>Parameters before.</summary>
    public required long ParametersBefore { get; init; }

    /// <summary>Parameters after.</summary>
    public required long ParametersAfter { get; init; }

    /// <summary>Multiply-accumulate operations before, all calls together.</summary>
    public required long MacsBefore { get; init; }

    /// <summary>Multiply-accumulate operations after.</summary>
    public required long MacsAfter { get; init; }

    /// <summary>Whether the module was replaced by a new one.</summary>
    public required bool Replaced { get; init; }

    /// <summary>
    /// Share of the remaining entries of masked parameters that are zero by their mask: multiplied into the weights, but not
    /// accelerated. Between 0 and 1.
    /// </summary>
    public required double RemainingMaskedShare { get; init; }

    /// <summary>Why channels around this module were kept; empty where nothing was.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
