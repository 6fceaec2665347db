using System.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using Speedup.Persistence;
using Speedup.Pruning.Evaluation;

namespace Speedup.Pruning.Sensitivity;

/// <summary>Draws sensitivity: a line for each layer, from the whole model to the largest sparsity.</summary>
public static class SensitivityChart
{
    private const double Width = 900;
    private const double Height = 560;
    private const double MarkerSize = 3;

    /// <summary>Draws accuracy, or loss where a table has no accuracy, as a picture in SVG.</summary>
    /// <param name="table">The table.</param>
    /// <returns>A whole document.</returns>
    public static string ToSvg(SensitivityTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var exporter = new SvgExporter { Width = Width, Height = Height };
        return exporter.ExportToString(Draw(table));
    }

    /// <summary>Writes the picture; the file appears as a whole or not at all.</summary>
    /// <param name="table">The table.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="PersistenceException">It cannot be written; an old file is still there.</exception>
    public static void Save(SensitivityTable table, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] svg = Encoding.UTF8.GetBytes(ToSvg(table));
        AtomicFile.Write(path, stream => stream.Write(svg));
    }

    private static PlotModel Draw(SensitivityTable table)
    {
        bool hasAccuracy = table.Whole.Accuracy is not null;
        string name = hasAccuracy ? "accuracy" : "loss";
        var plot = new PlotModel { Title = $"Sensitivity: {name} with one layer pruned", Background = OxyColors.White };
        plot.Axes.Add(
            new LinearAxis
            {
                Position = AxisPosition.Bottom,
                Title = "sparsity",
                Minimum = 0,
                Maximum = 1,
                MajorGridlineStyle = LineStyle.Dot,
            }
        );
        plot.Axes.Add(
            new LinearAxis
            {
                Position = AxisPosition.Left,
                Title = name,
                MajorGridlineStyle = LineStyle.Dot,
            }
        );
        plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop });
        foreach (IGrouping<string, SensitivityRow> layer in table.Rows.GroupBy(row => row.Name))
        {
            var line = new LineSeries
            {
                Title = layer.Key,
                MarkerType = MarkerType.Circle,
                MarkerSize = MarkerSize,
            };
            line.Points.Add(new DataPoint(0, ValueOf(table.Whole, hasAccuracy)));
            line.Points.AddRange(
                layer.OrderBy(row => row.Sparsity).Select(row => new DataPoint(row.Sparsity, ValueOf(row.Metrics, hasAccuracy)))
            );
            plot.Series.Add(line);
        }
        return plot;
    }

    private static double ValueOf(ModelMetrics metrics, bool hasAccuracy) => (hasAccuracy ? metrics.Accuracy : metrics.Loss) ?? double.NaN;
}
