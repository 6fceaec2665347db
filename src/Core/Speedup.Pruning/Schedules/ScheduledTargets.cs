using Speedup.Pruning.Abstractions;

namespace Speedup.Pruning.Schedules;

/// <summary>
/// What is left to prune at a step, in a model that earlier steps may have made small: sparsities are always those of the original model's channels.
/// </summary>
public static class ScheduledTargets
{
    /// <summary>A number of channels that is between whole ones prunes as many, whether it is rounded down or to the nearest.</summary>
    private const double Margin = 0.25;

    /// <summary>The targets of a step.</summary>
    /// <param name="original">The targets in the model before the first step, with their final sparsities.</param>
    /// <param name="current">The targets of the same rules in the model as it is.</param>
    /// <param name="step">The step; null for the final sparsities.</param>
    /// <param name="ranking">
    /// With what channels compete. Under <see cref="PruningRanking.Global"/> layers have lost unequal parts before, so that only the sum over all counts.
    /// </param>
    /// <returns>The current targets, with sparsities relative to the channels that they have now.</returns>
    public static PruningTargets Of(PruningTargets original, PruningTargets current, ScheduleStep? step, PruningRanking ranking)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(current);
        Dictionary<string, PruningTarget> before = original.Layers.ToDictionary(layer => layer.ModulePath, StringComparer.Ordinal);
        (PruningTarget Layer, int Gone)[] layers =
        [
            .. current.Layers.Select(layer => (layer, LeftToGo(before.GetValueOrDefault(layer.ModulePath, layer), layer, step))),
        ];
        if (ranking == PruningRanking.PerLayer)
            return current with
            {
                Layers = [.. layers.Select(item => item.Layer with { Sparsity = Part(item.Gone, item.Layer.Channels) })],
            };
        double all = Part(layers.Sum(item => item.Gone), layers.Sum(item => item.Layer.Channels));
        return current with { Layers = [.. layers.Select(item => item.Layer with { Sparsity = all })] };
    }

    /// <summary>How many more channels have to go; less than none where more have gone than the step asks for.</summary>
    private static int LeftToGo(PruningTarget original, PruningTarget current, ScheduleStep? step)
    {
        double sparsity = step?.SparsityOf(original.Sparsity) ?? original.Sparsity;
        return current.Channels - (original.Channels - (int)(original.Channels * sparsity));
    }

    private static double Part(int gone, int channels) => gone <= 0 ? 0 : Math.Min(gone + Margin, channels - Margin) / channels;
}
