using Speedup.Abstractions;

namespace Speedup.Plugins.Linear;

/// <summary>The rule of <c>out[o] = bias[o] + sum over a, b of weight[o, a, b] * first[a] * second[b]</c>; the inputs' part is <see cref="InputCarrier"/>.</summary>
internal sealed record BilinearRule : AxisRule
{
    /// <summary>Name of the bias.</summary>
    public const string Bias = "bias";

    /// <summary>The axis of the output's features.</summary>
    public static AxisRef Output { get; } = AxisRef.OfOutput(0, -1);

    private static readonly AxisRef First = AxisRef.OfInput(0, -1);
    private static readonly AxisRef Second = AxisRef.OfInput(1, -1);

    /// <summary>A masked row is its bias; an input that no row reads is unused.</summary>
    public override void InferFromWeight(IOperator op)
    {
        if (!op.FindParameter(BilinearWeight.Name)!.IsMasked)
            return;
        InferOutput(op);
        InferInputs(op);
    }

    /// <summary>An output that reads zeros, or constants on both sides, is constant.</summary>
    public override void InferFromInput(IOperator op)
    {
        if (op.Facts(First).AnyConstant || op.Facts(Second).AnyConstant)
            InferOutput(op);
    }

    /// <summary>An input that no needed output reads is unused.</summary>
    public override void InferFromOutput(IOperator op) => InferInputs(op);

    /// <summary>Ties weight and bias to the output.</summary>
    public override void Relate(IRelations relations)
    {
        relations.Tie(AxisRef.OfParameter(BilinearWeight.Name, 0), Output);
        if (relations.FindParameter(Bias) is not null)
            relations.Tie(AxisRef.OfParameter(Bias, 0), Output);
    }

    /// <summary>An output is constant where each of its terms is: masked, with a zero, or of two constants.</summary>
    private static void InferOutput(IOperator op)
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
    private static void InferInputs(IOperator op)
    {
        AxisFacts output = op.Facts(Output);
        int[] needed = [.. Enumerable.Range(0, output.Length).Where(output.IsNeeded)];
        var weight = new BilinearWeight(op);
        InferInput(op.Facts(First), op.Facts(Second), (a, b) => Array.TrueForAll(needed, o => weight.IsZero(o, a, b)));
        InferInput(op.Facts(Second), op.Facts(First), (b, a) => Array.TrueForAll(needed, o => weight.IsZero(o, a, b)));
    }

    private static void InferInput(AxisFacts own, AxisFacts other, Func<int, int, bool> isUnread)
    {
        for (int i = 0; i < own.Length; i++)
        {
            bool mayLeanOnZeros = !own.IsZero(i);
            if (own.IsUsed(i) && Enumerable.Range(0, other.Length).All(j => (mayLeanOnZeros && other.IsZero(j)) || isUnread(i, j)))
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
        for (int b = 0; b < second.Length && !first.IsZero(a); b++)
        {
            if (second.IsZero(b) || weight.IsZero(o, a, b))
                continue;
            if (!first.IsConstant(a) || !second.IsConstant(b))
                return null;
            sum += weight.Value(o, a, b) * first.ConstantAt(a) * second.ConstantAt(b);
        }
        return sum;
    }
}
