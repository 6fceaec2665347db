using System.Text.Json.Serialization;

namespace Speedup.Pruning.Abstractions;

/// <summary>What is masked of a group that goes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MaskedMembers>))]
public enum MaskedMembers
{
    /// <summary>
    /// What produces the channel, as NNI does, and members of the targets. A BatchNorm behind it goes on shifting, so that a constant is left, which the speedup
    /// carries over.
    /// </summary>
    Producers,

    /// <summary>All that produces or scales it: the channel is zero everywhere, and nothing is left behind.</summary>
    All,
}
