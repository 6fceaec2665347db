using System.Runtime.CompilerServices;
using Speedup.Abstractions;

namespace Speedup.Plugins.Padding;

/// <summary>Reads and writes the numbers of a padding: before and after, from the last axis on.</summary>
internal static class PadArgument
{
    /// <summary>The numbers of a recorded argument, which the overloads take as a number for all axes, an array or a tuple.</summary>
    public static IReadOnlyList<long> Read(IOperator op) =>
        op.FindArgument("pad") switch
        {
            long number => [.. Enumerable.Repeat(number, 2 * op.Input(0).Rank)],
            IReadOnlyList<long> numbers => numbers,
            ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => (long)tuple[i]!)],
            _ => throw new NotSupportedException($"{op.Name} is padded by something that this plugin does not know."),
        };

    /// <summary>The same by axis, from the front.</summary>
    public static (long Before, long After)[] PerAxis(IOperator op, IReadOnlyList<long> numbers)
    {
        var pads = new (long, long)[op.Input(0).Rank];
        for (int k = 0; k < numbers.Count / 2; k++)
            pads[^(k + 1)] = (numbers[2 * k], numbers[(2 * k) + 1]);
        return pads;
    }
}
