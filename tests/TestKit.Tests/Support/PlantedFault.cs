namespace TestKit.Tests.Support;

/// <summary>What a handler whose facts hold can do wrong in its other functions.</summary>
public enum PlantedFault
{
    None,
    ReplaceTakesOtherRows,
    RelateTiesOtherIndices,
    RelateForgetsTheParameter,
    RelateReleasesInsteadOfTying,
    Throws,
}
