using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Things of which a part is to go, and what has to stay of them: the channels of a layer, or the groups of a width.</summary>
/// <param name="Length">How many there are.</param>
/// <param name="Sparsity">The part that is to go.</param>
/// <param name="MinimumKept">So many stay.</param>
/// <param name="MultipleOf">The number that stays is a multiple of this, or all stay.</param>
/// <param name="MaxSparsity">The largest part that may go.</param>
/// <param name="Scores">Ascending scores of what may go, each with its position.</param>
internal sealed record ChannelPool(
    int Length,
    double Sparsity,
    int MinimumKept,
    int MultipleOf,
    double MaxSparsity,
    IReadOnlyList<(double Score, int Position)> Scores
)
{
    /// <summary>What <see cref="Sparsity"/> asks for, rounded down.</summary>
    public int Wanted => (int)(Length * Sparsity);

    /// <summary>Whether it is large enough for anything to go.</summary>
    public bool IsPruned => Length >= 2 && Wanted >= 1;

    /// <summary>Scores in the order in which they go, each with its position.</summary>
    public static (double Score, int Position)[] Sort(IReadOnlyList<double> scores, TieRule ties)
    {
        if (ties != TieRule.Argsort)
            return [.. scores.Select((score, position) => (score, position)).OrderBy(item => item.score)]; // stable: of equal ones the first goes first
        using Tensor values = tensor(scores.ToArray());
        using Tensor order = values.argsort();
        return [.. order.data<long>().Select(position => (scores[(int)position], (int)position))];
    }

    /// <summary>The most that may go if so many were asked for.</summary>
    public int Allow(int count)
    {
        if (!IsPruned)
            return 0;
        int kept = Math.Max(Math.Max(Length - Math.Min(count, Scores.Count), MinimumKept), Length - (int)(Length * MaxSparsity));
        kept = (kept + MultipleOf - 1) / MultipleOf * MultipleOf;
        return Math.Max(0, Length - kept);
    }

    /// <summary>How many go by this pool's own sparsity.</summary>
    public int Choose(TieRule ties)
    {
        int count = Math.Min(Wanted, Scores.Count);
        while (ties == TieRule.Threshold && count > 0 && count < Scores.Count && Scores[count].Score == Scores[count - 1].Score)
            count++;
        return Allow(count);
    }

    /// <summary>How many of each pool go if all compete.</summary>
    public static int[] ChooseGlobally(IReadOnlyList<ChannelPool> pools, TieRule ties)
    {
        int[] counts = new int[pools.Count];
        int wanted = pools.GroupBy(pool => pool.Sparsity).Sum(same => (int)(same.Sum(pool => pool.Length) * same.Key));
        (double Score, int Pool)[] order =
        [
            .. pools.SelectMany((pool, i) => pool.IsPruned ? pool.Scores.Select(item => (item.Score, i)) : []).OrderBy(item => item.Score),
        ];
        double last = double.NaN;
        int taken = 0;
        foreach ((double score, int pool) in order)
        {
            if (taken >= wanted && !(ties == TieRule.Threshold && score == last))
                break;
            if (ties != TieRule.Threshold && counts[pool] >= pools[pool].Allow(pools[pool].Length))
                continue;
            counts[pool]++;
            taken++;
            last = score;
        }
        return [.. counts.Select((count, i) => pools[i].Allow(count))];
    }
}
