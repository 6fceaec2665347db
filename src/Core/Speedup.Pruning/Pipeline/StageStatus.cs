using System.Text.Json.Serialization;

namespace Speedup.Pruning.Pipeline;

/// <summary>What became of a stage in a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StageStatus>))]
public enum StageStatus
{
    /// <summary>It is running.</summary>
    Running,

    /// <summary>It has run, and its result is in the folder.</summary>
    Done,

    /// <summary>An earlier run has done it.</summary>
    Reused,
}
