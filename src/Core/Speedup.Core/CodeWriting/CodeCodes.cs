namespace Speedup.Core.CodeWriting;

/// <summary>The permanent codes of code writing; docs/errors/persistence-and-masks.md has a row for each.</summary>
internal static class CodeCodes
{
    public const string CannotWrite = "SPD1051";
}
