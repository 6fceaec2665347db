using System.Globalization;
using Spectre.Console;
using Speedup.Cli.Rendering;

namespace Speedup.Cli.Benchmarks;

/// <summary>Prints times.</summary>
internal sealed class BenchRenderer(IAnsiConsole console)
{
    /// <summary>Prints all.</summary>
    public void Render(BenchResult result)
    {
        Table whole = Tables.Create("Median of a pass", "Model", "Milliseconds", "Of dense");
        AddRow(whole, "dense", result.DenseMilliseconds, result.DenseMilliseconds);
        if (result.MaskedMilliseconds is { } masked)
            AddRow(whole, "masked", masked, result.DenseMilliseconds);
        AddRow(whole, "small", result.SmallMilliseconds, result.DenseMilliseconds);
        console.Write(whole);
        Table layers = Tables.Create("Layers", "Path", "Type", "Dense ms", "Small ms", "Of dense");
        foreach (LayerTime layer in result.Layers)
            layers.AddText(
                layer.Path,
                layer.Type,
                Show(layer.DenseMilliseconds),
                layer.SmallMilliseconds is { } small ? Show(small) : "",
                layer.SmallMilliseconds is { } other ? Share(other, layer.DenseMilliseconds) : ""
            );
        console.Write(layers);
    }

    private static void AddRow(Table table, string model, double milliseconds, double dense) =>
        table.AddText(model, Show(milliseconds), Share(milliseconds, dense));

    private static string Show(double milliseconds) => milliseconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Share(double part, double all) => string.Create(CultureInfo.InvariantCulture, $"{100 * part / all:0} %");
}
