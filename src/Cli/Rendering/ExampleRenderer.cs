using System.Globalization;
using Spectre.Console;
using Speedup.Cli.Examples;

namespace Speedup.Cli.Rendering;

/// <summary>Prints an example's result: the documentation's table, then the report.</summary>
internal sealed class ExampleRenderer(IAnsiConsole console)
{
    /// <summary>Prints one result.</summary>
    public void Render(ExampleResult result)
    {
        ExampleDefinition example = result.Definition;
        console.Write(new Rule($"[bold]{Markup.Escape(example.Name)}[/]").LeftJustified());
        console.WriteLine($"{example.Network.Name}, {example.Title}; {Data(result)}");
        RenderLatency(result);
        new ReportRenderer(console).Render(result.Report);
        console.WriteLine();
    }

    private void RenderLatency(ExampleResult result)
    {
        string shape = string.Join(", ", result.Definition.Network.InputShape);
        console.WriteLine($"{result.Settings.Device}, input [{shape}], each time the median of {result.Settings.Repeat}");
        Table table = Tables.Create("Latency in seconds", "Times", "Mask latency", "Speedup latency", "Ratio");
        foreach (TableColumn column in table.Columns)
            column.RightAligned();
        foreach (LatencyRow row in result.Latency)
        {
            string ratio = row.Ratio.ToString("0.00", CultureInfo.InvariantCulture);
            string times = row.Times.ToString(CultureInfo.InvariantCulture);
            table.AddText(times, Tables.Seconds(row.MaskedSeconds), Tables.Seconds(row.SpeedupSeconds), ratio);
        }
        console.Write(table);
    }

    private static string Data(ExampleResult result)
    {
        NetworkDefinition network = result.Definition.Network;
        if (network.DataWidthDivisor == 1)
            return "full width";
        return result.Settings.FullWidth ? "full width, random weights and masks" : $"widths divided by {network.DataWidthDivisor}";
    }
}
