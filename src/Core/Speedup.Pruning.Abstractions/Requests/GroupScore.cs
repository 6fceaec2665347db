using System.Text.Json.Serialization;

namespace Speedup.Pruning.Abstractions;

/// <summary>How the scores of channels that go together become one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GroupScore>))]
public enum GroupScore
{
    /// <summary>Not at all: each layer is pruned by itself, as NNI does. Where channels go together, much of that stays.</summary>
    None,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest.</summary>
    Max,
}
