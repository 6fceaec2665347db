using Speedup.Pruning.Abstractions;

namespace Speedup.Pruning.Budgets;

/// <summary>
/// The order in which the groups of a width go, the least important first, and after how many of them a pause is allowed: equal numbers from each
/// block, a multiple that stays, a minimum that stays.
/// </summary>
internal sealed class WidthLadder
{
    private readonly IReadOnlyList<int> _order;
    private readonly double[] _left;
    private readonly double _weight;

    /// <summary>Orders the groups of a width.</summary>
    /// <param name="width">The width.</param>
    /// <param name="scores">Scores by group; groups without one stay.</param>
    /// <param name="targets">Minimum, multiple and largest sparsity of its layers; the strictest of each counts.</param>
    /// <param name="isRelative">Whether the score of a group says something next to others of its width only.</param>
    public WidthLadder(
        ModelWidth width,
        IReadOnlyDictionary<int, double> scores,
        IReadOnlyList<PruningTarget> targets,
        bool isRelative = true
    )
    {
        int blocks = Math.Max(1, width.Blocks);
        int[][] byBlock =
        [
            .. width
                .Groups.Where(group => scores.ContainsKey(group.Id))
                .GroupBy(group => group.Block)
                .Select(block => block.OrderBy(group => scores[group.Id]).Select(group => group.Id).ToArray()),
        ];
        int rounds = byBlock.Length < blocks ? 0 : byBlock.Min(block => block.Length);
        _order = [.. Enumerable.Range(0, rounds).SelectMany(round => byBlock.Select(block => block[round]))];
        double total = width.Groups.Sum(group => scores.GetValueOrDefault(group.Id));
        _left = new double[_order.Count + 1];
        _left[0] = total;
        for (int i = 0; i < _order.Count; i++)
            _left[i + 1] = _left[i] - scores[_order[i]];
        _weight = isRelative ? 1 : total;
        int minimum = Math.Max(1, targets.Select(target => target.MinimumKept).DefaultIfEmpty(1).Max());
        int multiple = targets.Select(target => target.MultipleOf).DefaultIfEmpty(1).Aggregate(1, LeastCommonMultiple);
        double most = targets.Select(target => target.MaxSparsity).DefaultIfEmpty(1).Min();
        int length = width.Length;
        Pauses =
        [
            .. Enumerable
                .Range(1, _order.Count)
                .Where(gone => gone % blocks == 0 && (length - gone) % multiple == 0)
                .Where(gone => length - gone >= minimum && gone <= most * length),
        ];
    }

    /// <summary>After how many groups it may stop, ascending; none where nothing may go.</summary>
    public IReadOnlyList<int> Pauses { get; }

    /// <summary>How many of the lowest groups have gone.</summary>
    public int Gone { get; private set; }

    /// <summary>The groups between where it is and a pause ahead.</summary>
    public IReadOnlyList<int> UpTo(int pause) => [.. _order.Skip(Gone).Take(pause - Gone)];

    /// <summary>The groups between a pause behind, or the start, and where it is.</summary>
    public IReadOnlyList<int> BackTo(int pause) => [.. _order.Skip(pause).Take(Gone - pause)];

    /// <summary>
    /// What is lost between where it is and a pause: relative to what is left, so that the last channels of a width are the dearest. For few of many channels it
    /// is the sum of their scores.
    /// </summary>
    public double Loss(int pause) => Loss(Gone, pause);

    /// <summary>What is won by going back to a pause behind, or the start.</summary>
    public double Gain(int pause) => Loss(pause, Gone);

    /// <summary>Goes on to a pause.</summary>
    public void MoveTo(int pause) => Gone = pause;

    private double Loss(int from, int to) =>
        _left[from] <= 0 ? 0
        : _left[to] <= 0 ? double.PositiveInfinity
        : _weight * Math.Log(_left[from] / _left[to]);

    private static int LeastCommonMultiple(int a, int b) => a / (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b) * b;
}
