using System.Globalization;
using System.Text;
using Spectre.Console;
using Speedup.Cli.Fashion;

namespace Speedup.Cli.Rendering;

/// <summary>Prints the results on Fashion-MNIST.</summary>
internal sealed class FashionRenderer(IAnsiConsole console)
{
    private static readonly string[] Columns =
    [
        "Network",
        "Pruner",
        "Dense",
        "Masked",
        "Small",
        "Tuned",
        "Logit error",
        "Parameters",
        "MACs",
        "Dense ms",
        "Small ms",
        "Faster",
    ];

    /// <summary>Prints a table.</summary>
    public void Render(IReadOnlyList<FashionRow> rows, FashionSettings settings)
    {
        Table table = Tables.Create($"Fashion-MNIST, {settings.Budget.Measure} {Share(settings.Budget.Fraction)}", Columns);
        foreach (TableColumn column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (FashionRow row in rows)
            table.AddText(Cells(row));
        console.Write(table);
        console.WriteLine(
            "Dense, masked, small, tuned: the part of the test images that the model is right about. Times are of one image."
        );
    }

    /// <summary>The same table in Markdown.</summary>
    public static string ToMarkdown(IReadOnlyList<FashionRow> rows)
    {
        var text = new StringBuilder();
        text.AppendLine($"| {string.Join(" | ", Columns)} |");
        text.AppendLine($"|---|---|{string.Concat(Enumerable.Repeat("---:|", Columns.Length - 2))}");
        foreach (FashionRow row in rows)
            text.AppendLine($"| {string.Join(" | ", Cells(row))} |");
        return text.ToString();
    }

    private static string[] Cells(FashionRow row) =>
        [
            row.Network,
            row.Pruner,
            Share(row.DenseAccuracy),
            Share(row.MaskedAccuracy),
            Share(row.SmallAccuracy),
            Share(row.TunedAccuracy),
            row.LogitError.ToString("0.0E+0", CultureInfo.InvariantCulture),
            Tables.Change(row.ParametersBefore, row.ParametersAfter),
            Tables.Change(row.MacsBefore, row.MacsAfter),
            row.DenseMilliseconds.ToString("0.00", CultureInfo.InvariantCulture),
            row.SmallMilliseconds.ToString("0.00", CultureInfo.InvariantCulture),
            (row.DenseMilliseconds / row.SmallMilliseconds).ToString("0.00", CultureInfo.InvariantCulture) + "x",
        ];

    private static string Share(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:0.0} %");
}
