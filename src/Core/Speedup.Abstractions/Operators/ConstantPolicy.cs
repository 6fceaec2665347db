using System.Text.Json.Serialization;

namespace Speedup.Abstractions;

/// <summary>What becomes of the constant that a pruned channel leaves behind (a bias, a BatchNorm shift, sigmoid(0)).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConstantPolicy>))]
public enum ConstantPolicy
{
    /// <summary>It is folded into the consumers, so that the small model computes the masked model's function.</summary>
    Exact,

    /// <summary>
    /// It is dropped together with its channel, as NNI does: smaller, but another function; the report says by how much.
    /// </summary>
    Drop,
}
