using System.Text.Json.Serialization;

namespace Speedup.Pruning.Descriptions;

/// <summary>The schedules of descriptions.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScheduleKind>))]
public enum ScheduleKind
{
    /// <summary><see cref="Schedules.AgpSchedule"/> from 0.</summary>
    Agp,

    /// <summary><see cref="Schedules.LinearSchedule"/>.</summary>
    Linear,

    /// <summary><see cref="Schedules.OneShotSchedule"/>.</summary>
    OneShot,
}
