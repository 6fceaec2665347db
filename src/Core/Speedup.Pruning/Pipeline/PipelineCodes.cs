namespace Speedup.Pruning.Pipeline;

/// <summary>Permanent codes; docs/errors/pipelines.md has a row for each.</summary>
internal static class PipelineCodes
{
    public const string OtherPipeline = "SPD9201";
    public const string OtherFolder = "SPD9202";
    public const string FolderInUse = "SPD9203";
    public const string BadManifest = "SPD9204";
    public const string BadStages = "SPD9205";

    public const string StageFailed = "SPD9207";

    public const string CannotWrite = "SPD9209";
    public const string SameModel = "SPD9211";
}
