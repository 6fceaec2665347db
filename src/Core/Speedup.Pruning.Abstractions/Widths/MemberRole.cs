using System.Text.Json.Serialization;

namespace Speedup.Pruning.Abstractions;

/// <summary>What a module does to a channel.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MemberRole>))]
public enum MemberRole
{
    /// <summary>Computes it from other channels, or is it: filters with their biases, tables, positions, class tokens.</summary>
    Produces,

    /// <summary>Changes it by itself: scales and shifts of norms, depthwise filters with their biases.</summary>
    Scales,

    /// <summary>Reads it into other channels: input columns.</summary>
    Reads,
}
