using Speedup.Core.SmallModels;

namespace Speedup.Cli.Inspection;

/// <summary>A changed module of a small model, as <c>--json</c> writes it.</summary>
internal sealed record SavedModuleJson(
    string Path,
    string Class,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Settings,
    IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<long>?>> Tensors
)
{
    /// <summary>The JSON form: of settings and lengths, those of the dense model and those of the small one.</summary>
    public static SavedModuleJson Of(SavedModule module) =>
        new(
            module.Path,
            module.Class,
            module.Settings.ToDictionary(setting => setting.Name, IReadOnlyList<string> (setting) => [setting.Dense, setting.Small]),
            module
                .Tensors.GroupBy(tensor => tensor.Name)
                .ToDictionary(
                    tensor => tensor.Key,
                    IReadOnlyList<IReadOnlyList<long>?> (tensor) => [tensor.Last().Dense, tensor.Last().Small]
                )
        );
}
