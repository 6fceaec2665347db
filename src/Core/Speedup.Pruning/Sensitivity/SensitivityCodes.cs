namespace Speedup.Pruning.Sensitivity;

/// <summary>Permanent codes; docs/errors/pipelines.md has a row for each.</summary>
internal static class SensitivityCodes
{
    /// <summary>A request that asks for nothing, or for what cannot be.</summary>
    public const string BadRequest = "SPD9210";
}
