namespace Speedup.Persistence.Masks;

/// <summary>The permanent codes of mask errors; docs/errors/persistence-and-masks.md has a row for each.</summary>
internal static class MaskCodes
{
    public const string DoNotFit = "SPD1101";
    public const string UnknownModule = "SPD1102";
    public const string UnknownParameter = "SPD1103";
    public const string WrongShape = "SPD1104";
    public const string WrongValues = "SPD1105";
    public const string Duplicate = "SPD1106";
    public const string WrongType = "SPD1107";
}
