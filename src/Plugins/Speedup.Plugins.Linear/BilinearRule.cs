using Speedup.Abstractions;

namespace Speedup.Plugins.Linear;

/// <summary>What <c>out[o] = bias[o] + sum over a, b of weight[o, a, b] * first[a] * second[b]</c> does to facts.</summary>
internal static class BilinearRule
{
    /// <summary>Name of the bias.</summary>
    public const string Bias = "bias";

    /// <summary>The axis of the output's features.</summary>
    public static AxisRef Output { get; } = AxisRef.OfOutput(0, -1);

    private static readonly AxisRef First = AxisRef.OfInput(0, -1);
    private static readonly AxisRef Second = AxisRef.OfInput(1, -1);

    /// <summary>An output is constant where each of its terms is: masked, with a zero, or of two constants.</summary>
    public static void InferOutput(IOperator op)
    {
        AxisFacts output = op.Facts(Output);
        var weight = new BilinearWeight(op);
        double[]? bias = null;
        for (int o = 0; o < output.Length; o++)
        {
            if (output.IsConstant(o) || SumOfTerms(op, weight, o) is not { } sum)
                continue;
            bias ??= op.FindParameter(Bias)?.MaskedEntries() ?? new double[output.Length];
            output.SetConstant(o, bias[o] + sum);
        }
    }

    /// <summary>
    /// An input is unused where every term with it is masked, belongs to an output that is not needed, or has a zero on the other side.
    /// Of two zeros that meet, one must stay what it is: a zero is not called unused for the sake of another.
    /// </summary>
    public static void InferInputs(IOperator op)
    {
        AxisFacts output = op.Facts(Output);
        int[] needed = [.. Enumerable.Range(0, output.Length).Where(output.IsNeeded)];
        var weight = new BilinearWeight(op);
        InferInput(op.Facts(First), op.Facts(Second), (a, b) => Array.TrueForAll(needed, o => weight.IsZero(o, a, b)));
        InferInput(op.Facts(Second), op.Facts(First), (b, a) => Array.TrueForAll(needed, o => weight.IsZero(o, a, b)));
    }

    /// <summary>Whether an index is constantly zero.</summary>
    public static bool IsZero(AxisFacts facts, int index) => facts.IsConstant(index) && facts.ConstantAt(index) == 0;

    private static void InferInput(AxisFacts own, AxisFacts other, Func<int, int, bool> isUnread)
    {
        for (int i = 0; i < own.Length; i++)
        {
            bool mayLeanOnZeros = !IsZero(own, i);
            if (own.IsUsed(i) && Enumerable.Range(0, other.Length).All(j => (mayLeanOnZeros && IsZero(other, j)) || isUnread(i, j)))
                own.SetUnused(i);
        }
    }

    /// <summary>What the terms of an output add to its bias if that is constant, else null.</summary>
    private static double? SumOfTerms(IOperator op, BilinearWeight weight, int o)
    {
        AxisFacts first = op.Facts(First);
        AxisFacts second = op.Facts(Second);
        double sum = 0;
        for (int a = 0; a < first.Length; a++)
        for (int b = 0; b < second.Length && !IsZero(first, a); b++)
        {
            if (IsZero(second, b) || weight.IsZero(o, a, b))
                continue;
            if (!first.IsConstant(a) || !second.IsConstant(b))
                return null;
            sum += weight.Value(o, a, b) * first.ConstantAt(a) * second.ConstantAt(b);
        }
        return sum;
    }
}
