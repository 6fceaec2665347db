namespace Speedup.Pruning.Abstractions;

/// <summary>The permanent codes of pruning; docs/errors/pruning.md has a row for each.</summary>
internal static class PruningCodes
{
    public const string BadRules = "SPD9002";
    public const string NoScores = "SPD9003";
    public const string NoWidths = "SPD9004";
    public const string NoStatistics = "SPD9005";
    public const string WrongLayer = "SPD9006";
    public const string NoLayer = "SPD9007";
    public const string OtherModel = "SPD9008";
}
