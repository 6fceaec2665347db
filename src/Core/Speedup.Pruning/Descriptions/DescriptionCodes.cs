namespace Speedup.Pruning.Descriptions;

/// <summary>Permanent codes; docs/errors/pipelines.md has a row for each.</summary>
internal static class DescriptionCodes
{
    /// <summary>A file that is no description, or no list of rules.</summary>
    public const string BadFile = "SPD9230";

    /// <summary>Members that do not go together.</summary>
    public const string BadMembers = "SPD9231";
}
