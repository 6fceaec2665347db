using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>Selects the kept input columns of a grouped weight, group by group.</summary>
internal sealed class GroupedColumns(int groups, int inputLength, IReadOnlyList<int> keptInputs)
{
    /// <summary>Selects columns; <paramref name="rows"/> is <c>[kept out, in / groups, ...]</c>.</summary>
    public Tensor Select(Tensor rows, IReadOnlyList<int> keptOutputs, int outputLength)
    {
        int inPerGroup = inputLength / groups;
        int outPerGroup = outputLength / groups;
        var parts = new List<Tensor>();
        long start = 0;
        for (int group = 0; group < groups; group++)
        {
            long count = keptOutputs.Count(o => o / outPerGroup == group);
            if (count == 0)
                continue;
            int[] columns = [.. keptInputs.Where(i => i / inPerGroup == group).Select(i => i % inPerGroup)];
            parts.Add(rows.narrow(0, start, count).index_select(1, IndexTensor.Of(columns, rows.device)));
            start += count;
        }
        return cat(parts, 0);
    }
}
