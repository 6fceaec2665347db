namespace Speedup.Cli.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>For information; nothing is wrong.</summary>
    Info,

    /// <summary>Something is missing; the tool will not work, or not completely.</summary>
    Missing,
}
