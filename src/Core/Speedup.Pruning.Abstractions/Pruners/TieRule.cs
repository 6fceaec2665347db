using System.Text.Json.Serialization;

namespace Speedup.Pruning.Abstractions;

/// <summary>Which channels go where several have the same score.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TieRule>))]
public enum TieRule
{
    /// <summary>As many as were asked for: of equal ones those of lower index.</summary>
    Exact,

    /// <summary>As many as were asked for: of equal ones those that libtorch's <c>argsort</c> puts first, as NNI's activation pruners have it.</summary>
    Argsort,

    /// <summary>
    /// All that are no better than the last one that has to go, as NNI's L1, L2 and Slim pruners have it: what stays is above the threshold.
    /// More than were asked for may go.
    /// </summary>
    Threshold,
}
