using System.Text.Json.Serialization;

namespace Speedup.Pruning.Abstractions;

/// <summary>With what channels compete.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PruningRanking>))]
public enum PruningRanking
{
    /// <summary>With the channels of their own layer; of their own width, where layers are coupled.</summary>
    PerLayer,

    /// <summary>With the channels of all layers.</summary>
    Global,
}
