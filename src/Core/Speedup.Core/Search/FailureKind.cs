namespace Speedup.Core.Search;

/// <summary>How an attempt failed.</summary>
internal enum FailureKind
{
    /// <summary>Modules that share a parameter could no longer share it.</summary>
    Divided,

    /// <summary>The small model does not run as planned: another shape, another argument, another path, or an exception.</summary>
    Diverged,

    /// <summary>The small model fails on an input that the masked model takes.</summary>
    Refused,

    /// <summary>The small model's outputs are not the masked model's.</summary>
    Differs,
}
