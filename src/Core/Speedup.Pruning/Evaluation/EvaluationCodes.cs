namespace Speedup.Pruning.Evaluation;

/// <summary>Permanent codes; docs/errors/pipelines.md has a row for each.</summary>
internal static class EvaluationCodes
{
    /// <summary>A mask that fits no parameter.</summary>
    public const string WrongMask = "SPD9200";
}
