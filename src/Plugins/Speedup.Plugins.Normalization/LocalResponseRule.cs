using Speedup.Abstractions;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// The rules of local response normalisation, <c>x[c] / (k + alpha / size * sum of x[j]^2)^beta</c> over the <c>size</c> channels
/// around c on axis 1. Channels are neighbours by position, so that one that went would bring others together: they stay.
/// </summary>
internal sealed record LocalResponseRule(int Size, double Alpha, double Beta, double K) : AxisRule
{
    public static OperatorDescription CommonDescription { get; } =
        new(
            "a zero channel stays zero; a channel among constants only is constant",
            "a channel that no used output has in its window; batch and positions",
            "all channels: they are neighbours by position"
        );

    /// <summary>The rules of a call: the channels, and the axes beside them.</summary>
    public IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [this, .. AlignedAxes.AllBut(op, 1, IsPositive ? ConstantFunctions.ZeroOnly : ConstantFunctions.Varying)];

    public override void InferFromInput(IOperator op)
    {
        AxisFacts input = op.Input(0)[1];
        AxisFacts output = op.Output(0)[1];
        for (int c = 0; input.AnyConstant && c < input.Length; c++)
        {
            if (!input.IsConstant(c))
                continue;
            if (input.IsZero(c) && IsPositive)
                output.SetConstant(c, 0);
            else if (Window(c, input.Length).All(input.IsConstant))
                output.SetConstant(c, Compute(input, c));
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        AxisFacts input = op.Input(0)[1];
        AxisFacts output = op.Output(0)[1];
        for (int j = 0; j < input.Length; j++)
        {
            int channel = j;
            if (!Enumerable.Range(0, output.Length).Any(c => output.IsNeeded(c) && Window(c, output.Length).Contains(channel)))
                input.SetUnused(j);
        }
    }

    /// <summary>Ties nothing: the channels stay.</summary>
    public override void Relate(IRelations relations) { }

    private bool IsPositive => K > 0 && Alpha >= 0;

    private double Compute(AxisFacts input, int c)
    {
        double squares = Window(c, input.Length).Sum(j => input.ConstantAt(j) * input.ConstantAt(j));
        double value = input.ConstantAt(c) / Math.Pow(K + (Alpha * squares / Size), Beta);
        return double.IsFinite(value) ? value : double.NaN;
    }

    private IEnumerable<int> Window(int c, int length)
    {
        int first = Math.Max(0, c - (Size / 2));
        int last = Math.Min(length - 1, c + ((Size - 1) / 2));
        return Enumerable.Range(first, last - first + 1);
    }
}
