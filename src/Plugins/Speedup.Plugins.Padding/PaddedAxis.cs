using Speedup.Abstractions;

namespace Speedup.Plugins.Padding;

/// <summary>The rule of an axis that is padded with a number, and whose length is the same for every input: padded indices can go like others.</summary>
/// <param name="Span">What input and output have in common; of the input what is outside is cropped.</param>
/// <param name="Value">The number that it pads with.</param>
/// <param name="OfConstant">What becomes of a constant of the input, NaN where the output is not constant.</param>
internal sealed record PaddedAxis(AxisSpan Span, double Value, Func<double, double> OfConstant) : AxisRule
{
    public override void InferFromInput(IOperator op)
    {
        AxisFacts input = op.Facts(Span.Input);
        AxisFacts output = op.Facts(Span.Output);
        for (int i = 0; i < output.Length; i++)
        {
            int source = i - Span.OutputStart + Span.InputStart;
            if (i < Span.OutputStart || i >= Span.OutputStart + Span.Length)
                output.SetConstant(i, double.IsFinite(Value) ? Value : double.NaN);
            else if (input.IsConstant(source))
                output.SetConstant(i, OfConstant(input.ConstantAt(source)));
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        Span.InferFromOutput(op);
        for (int i = 0; i < op.Facts(Span.Input).Length; i++)
        {
            if (i < Span.InputStart || i >= Span.InputStart + Span.Length)
                op.Facts(Span.Input).SetUnused(i); // cropped
        }
    }

    public override void Relate(IRelations relations)
    {
        relations.Release(Span.Input);
        relations.Release(Span.Output);
        Span.Relate(relations);
    }
}
