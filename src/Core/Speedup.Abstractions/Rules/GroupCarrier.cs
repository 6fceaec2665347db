namespace Speedup.Abstractions;

/// <summary>The channel that carries the constants of a group of channels.</summary>
internal static class GroupCarrier
{
    /// <summary>Finds it: the constant of largest magnitude; -1 where there is none but zero.</summary>
    /// <param name="input">The channels of all groups.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="group">The group.</param>
    /// <param name="isCandidate">Which channels are asked about.</param>
    public static int Find(AxisFacts input, int groups, int group, Func<int, bool> isCandidate)
    {
        int perGroup = input.Length / groups;
        int best = -1;
        for (int i = group * perGroup; i < (group + 1) * perGroup; i++)
        {
            if (!isCandidate(i) || !input.IsConstant(i) || input.ConstantAt(i) == 0)
                continue;
            if (best < 0 || Math.Abs(input.ConstantAt(i)) > Math.Abs(input.ConstantAt(best)))
                best = i;
        }
        return best;
    }
}
