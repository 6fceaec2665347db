using Speedup.Core.Reporting;
using Speedup.Core.SmallModels;

namespace Speedup.Cli.Inspection;

/// <summary>What is in a small model's file, as <c>--json</c> writes it.</summary>
internal sealed record SmallModelJson(
    string Class,
    string Writer,
    string TorchSharp,
    int Modules,
    int Tensors,
    long Elements,
    IReadOnlyList<SpeedupFigures> Speedups,
    IReadOnlyList<SavedModuleJson> Changed
)
{
    /// <summary>The JSON form.</summary>
    public static SmallModelJson Of(SmallModelInfo info) =>
        new(
            info.Class,
            info.Writer,
            info.TorchSharp,
            info.Modules,
            info.Tensors,
            info.Elements,
            info.Speedups,
            [.. info.Changed.Select(SavedModuleJson.Of)]
        );
}
