namespace Speedup.Core.SmallModels;

/// <summary>The permanent codes of saved small models; docs/errors/persistence-and-masks.md has a row for each.</summary>
internal static class SmallModelCodes
{
    public const string NoSmallModel = "SPD1041";
    public const string UnknownVersion = "SPD1042";
    public const string Damaged = "SPD1043";
    public const string OtherModel = "SPD1044";
    public const string CannotSave = "SPD1045";
    public const string UnknownClass = "SPD1046";
    public const string BadRecipe = "SPD1047";
    public const string UnknownOrigin = "SPD1048";
}
