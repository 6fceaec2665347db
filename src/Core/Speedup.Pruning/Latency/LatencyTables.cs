using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;
using static TorchSharp.torch;

namespace Speedup.Pruning.Latency;

/// <summary>
/// Measures what each layer of a model takes at several widths: the whole model is made small at each, as the engine would, and timed layer by layer. So
/// the times are those of the modules that will run, whatever their class, with all that keeps them wide.
/// </summary>
internal sealed class LatencyTables(IModelSpeedup speedup, LatencyOptions options, SpeedupOptions? speedupOptions)
{
    /// <summary>The table of a model: from the file, or measured and put there.</summary>
    public LatencyTable Find(
        PruningRequest request,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyDictionary<int, double> scores,
        CancellationToken cancellation
    )
    {
        if (options.CacheFile is not { } file)
            return Measure(request, inputs, scores, cancellation);
        var cache = new LatencyCache(file);
        string key = LatencyKey.Of(request, inputs, options, speedupOptions);
        if (cache.Find(key) is { } known)
            return known;
        LatencyTable table = Measure(request, inputs, scores, cancellation);
        cache.Add(key, table);
        return table;
    }

    /// <summary>The curves of a table over the groups of a model.</summary>
    public static IReadOnlyList<BudgetTerm> ToTerms(LatencyTable table, ModelWidths widths)
    {
        Dictionary<string, IReadOnlyList<CostAxis>> axes = AxesByLayer(widths);
        return
        [
            .. table.Layers.Where(layer => axes.ContainsKey(layer.Key)).Select(layer => new CurveTerm(axes[layer.Key], layer.Value)),
            new CurveTerm([AllOf(widths)], table.Rest),
        ];
    }

    private LatencyTable Measure(
        PruningRequest request,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyDictionary<int, double> scores,
        CancellationToken cancellation
    )
    {
        ModelWidths widths = request.Widths!;
        Dictionary<string, IReadOnlyList<CostAxis>> axes = AxesByLayer(widths);
        var layers = axes.Keys.ToDictionary(path => path, _ => new List<LatencyPoint>());
        var rest = new List<LatencyPoint>();
        foreach (double fraction in options.Fractions.Prepend(1))
        {
            HashSet<int> gone = Uniform(widths, scores, fraction);
            using MaskSet masks = GroupMasks.Make(request.Model, widths, gone, request.MaskedMembers);
            (double pass, IReadOnlyDictionary<string, double> times) = speedup.Preview(
                request.Model,
                inputs,
                masks,
                _ => PassTimes.MeasureLayers(request.Model, inputs, options.Passes, cancellation),
                speedupOptions,
                cancellation
            );
            foreach ((string path, List<LatencyPoint> points) in layers)
            {
                if (!times.TryGetValue(path, out double seconds))
                    continue;
                points.Add(new LatencyPoint(Left(axes[path], gone), seconds));
                pass -= seconds;
            }
            rest.Add(new LatencyPoint(Left([AllOf(widths)], gone), Math.Max(0, pass)));
        }
        return new LatencyTable(
            layers
                .Where(layer => layer.Value.Count > 0)
                .ToDictionary(layer => layer.Key, layer => (IReadOnlyList<LatencyPoint>)layer.Value),
            rest
        );
    }

    /// <summary>The least important groups of each width, the same part of all widths; equal numbers from each block.</summary>
    private static HashSet<int> Uniform(ModelWidths widths, IReadOnlyDictionary<int, double> scores, double fraction)
    {
        var gone = new HashSet<int>();
        foreach (ModelWidth width in widths.Widths)
        {
            var ladder = new WidthLadder(width, scores, []);
            int pause = ladder.Pauses.LastOrDefault(pause => pause <= (1 - fraction) * width.Length);
            gone.UnionWith(ladder.UpTo(pause));
        }
        return gone;
    }

    private static Dictionary<string, IReadOnlyList<CostAxis>> AxesByLayer(ModelWidths widths) =>
        widths
            .Costs.Macs.Where(term => term.Axes.Count > 0)
            .GroupBy(term => term.ModulePath)
            .ToDictionary(terms => terms.Key, terms => terms.First().Axes);

    private static CostAxis AllOf(ModelWidths widths) => new([.. Enumerable.Range(0, widths.Groups.Count)]);

    private static double Left(IReadOnlyList<CostAxis> axes, IReadOnlySet<int> gone) =>
        axes.Aggregate(1.0, (left, axis) => left * axis.CountKept(gone) / Math.Max(1, axis.Groups.Count));
}
