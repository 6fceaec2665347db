using Speedup.Abstractions;

namespace Ghost.Operators;

/// <summary>
/// The rule of a Ghost convolution's channels. Of <c>m</c> primary channels, output <c>i</c> is <c>bias[i]</c> plus the inputs weighted by row
/// <c>i</c>, and output <c>m + i</c>, its ghost, is filtered from it alone.
/// </summary>
internal sealed record GhostChannels : AxisRule
{
    public static readonly AxisRef Input = AxisRef.OfInput(0, 1);
    public static readonly AxisRef Output = AxisRef.OfOutput(0, 1);
    public static readonly AxisRef Rows = AxisRef.OfParameter("weight", 0);
    public static readonly AxisRef Columns = AxisRef.OfParameter("weight", 1);
    private static readonly string[] PerPrimary = ["bias", "cheap_weight", "cheap_bias"];

    /// <summary>What the masks alone tell: an output without weights is its bias, an input that no row reads is unused.</summary>
    public override void InferFromWeight(IOperator op)
    {
        InferOutput(op);
        InferInput(op);
    }

    /// <summary>An output that reads constants only is constant.</summary>
    public override void InferFromInput(IOperator op) => InferOutput(op);

    /// <summary>An input is unused where all primary channels that read it are needed neither for themselves nor for their ghosts.</summary>
    public override void InferFromOutput(IOperator op) => InferInput(op);

    /// <summary>A primary channel goes with its ghost, and with its rows of all parameters; an input with its column.</summary>
    public override void Relate(IRelations relations)
    {
        int primary = relations.Facts(Rows).Length;
        for (int i = 0; i < primary; i++)
        {
            relations.Tie(Output, i, Output, primary + i);
            relations.Tie(Rows, i, Output, i);
        }
        foreach (string name in PerPrimary)
            relations.Tie(AxisRef.OfParameter(name, 0), Rows);
        relations.Tie(Columns, Input);
    }

    private static void InferOutput(IOperator op)
    {
        double[] bias = op.FindParameter("bias")!.MaskedEntries();
        double[] cheapBias = op.FindParameter("cheap_bias")!.MaskedEntries();
        for (int i = 0; i < bias.Length; i++)
        {
            double value = ValueOf(op, i, bias[i]);
            op.Facts(Output).SetConstant(i, value); // NaN says nothing
            if (value == 0 || !HasGhost(op, i))
                op.Facts(Output).SetConstant(bias.Length + i, cheapBias[i]); // any other constant is not the same at the border
        }
    }

    private static void InferInput(IOperator op)
    {
        AxisFacts output = op.Facts(Output);
        int primary = op.Facts(Rows).Length;
        int[] needed =
        [
            .. Enumerable.Range(0, primary).Where(i => output.IsNeeded(i) || (output.IsNeeded(primary + i) && HasGhost(op, i))),
        ];
        double[] weight = op.FindParameter("weight")!.MaskedEntries();
        int inputs = op.Facts(Input).Length;
        for (int j = 0; j < inputs; j++)
        {
            if (Array.TrueForAll(needed, i => weight[(i * inputs) + j] == 0))
                op.Facts(Input).SetUnused(j);
        }
    }

    /// <summary>The constant that a primary channel is; NaN where it varies.</summary>
    private static double ValueOf(IOperator op, int row, double bias)
    {
        AxisFacts input = op.Facts(Input);
        double[] weight = op.FindParameter("weight")!.MaskedEntries();
        double value = bias;
        for (int j = 0; j < input.Length; j++)
        {
            double factor = weight[(row * input.Length) + j];
            if (factor != 0)
                value += input.IsConstant(j) ? factor * input.ConstantAt(j) : double.NaN;
        }
        return value;
    }

    /// <summary>Whether the filter of a ghost reads its primary channel at all.</summary>
    private static bool HasGhost(IOperator op, int row)
    {
        double[] filters = op.FindParameter("cheap_weight")!.MaskedEntries();
        int size = filters.Length / op.Facts(Rows).Length;
        return filters.AsSpan(row * size, size).ContainsAnyExcept(0);
    }
}
