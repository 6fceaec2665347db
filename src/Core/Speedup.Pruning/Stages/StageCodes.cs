namespace Speedup.Pruning.Stages;

/// <summary>Permanent codes; docs/errors/pipelines.md has a row for each.</summary>
internal static class StageCodes
{
    /// <summary>A budget with a pruner that does not score.</summary>
    public const string NoScores = "SPD9220";

    /// <summary>A speedup without masks.</summary>
    public const string NoMasks = "SPD9221";

    /// <summary>A file of a kind that is not known.</summary>
    public const string BadPath = "SPD9222";

    /// <summary>A small model in a file that cannot hold its shape.</summary>
    public const string NotSmall = "SPD9223";
}
