using System.Globalization;
using Spectre.Console;
using Speedup.Cli.Rendering;
using Speedup.Core.Reporting;
using Speedup.Core.SmallModels;

namespace Speedup.Cli.Inspection;

/// <summary>Prints what is in a file.</summary>
internal sealed class InspectionRenderer(IAnsiConsole console)
{
    /// <summary>Prints masks or weights.</summary>
    public void Render(TensorFileContent content)
    {
        string[] columns = content.IsMasks
            ? ["Parameter", "Type", "Shape", "Pruned", "Whole rows"]
            : ["Tensor", "Type", "Shape", "Elements", "Zeros"];
        Table table = Tables.Create(content.IsMasks ? "Masks" : "Weights", columns);
        foreach (TensorContent tensor in content.Tensors)
            table.AddText([tensor.Name, $"{tensor.Type}", Tables.Shape(tensor.Shape), .. Figures(tensor, content.IsMasks)]);
        console.Write(table);
        long elements = content.Tensors.Sum(tensor => tensor.Elements);
        long zeros = content.Tensors.Sum(tensor => tensor.Zeros);
        console.WriteLine($"{content.Tensors.Count} tensors, {Tables.Count(elements)} elements, {Share(zeros, elements)} zeros");
    }

    /// <summary>Prints a small model.</summary>
    public void Render(SmallModelInfo info)
    {
        console.WriteLine(
            $"Small model of {info.Class}, {info.Modules} modules, {info.Tensors} tensors, {Tables.Count(info.Elements)} elements"
        );
        console.WriteLine($"Written by {info.Writer}, TorchSharp {info.TorchSharp}");
        foreach (SpeedupFigures figures in info.Speedups)
            console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Speedup: {Tables.Change(figures.ParametersBefore, figures.ParametersAfter)} parameters, largest relative error "
                        + $"{figures.MaxRelativeError:0.0e+00}"
                )
            );
        Table table = Tables.Create("Changed modules", "Path", "Class", "Tensors", "Fields");
        foreach (SavedModule module in info.Changed)
            table.AddText(
                module.Path.Length == 0 ? "(model)" : module.Path,
                module.Class,
                string.Join('\n', module.Tensors.Select(tensor => $"{tensor.Name} {Before(tensor.Dense)} -> {Tables.Shape(tensor.Small)}")),
                string.Join('\n', module.Settings.Select(setting => $"{setting.Name} {setting.Dense} -> {setting.Small}"))
            );
        console.Write(table);
    }

    private static string[] Figures(TensorContent tensor, bool isMask) =>
        isMask
            ? [Share(tensor.Zeros, tensor.Elements), tensor.Shape.Count == 0 ? "" : $"{tensor.ZeroRows} of {tensor.Shape[0]}"]
            : [Tables.Count(tensor.Elements), Share(tensor.Zeros, tensor.Elements)];

    private static string Before(IReadOnlyList<long>? dense) => dense is null ? "none" : Tables.Shape(dense);

    private static string Share(long part, long all) =>
        all == 0 ? "0 %" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / all:0.#} %");
}
