using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Stretches of an input axis that are stretches of an output axis: index k of the coarser axis stands for as many indices of
/// the finer one as its step says. One of the steps is 1.
/// </summary>
internal readonly record struct RangeLink(int InputAxis, int InputStep, int OutputAxis, int OutputStep)
{
    /// <summary>A stretch that is one and the same constant stays it.</summary>
    public void InferFromInput(IOperator op)
    {
        AxisFacts input = op.Input(0)[InputAxis];
        AxisFacts output = op.Output(0)[OutputAxis];
        for (int k = 0; input.AnyConstant && k < input.Length / InputStep; k++)
        {
            if (!Stretch(k, InputStep).All(input.IsConstant))
                continue;
            double value = input.ConstantAt(k * InputStep);
            if (!Stretch(k, InputStep).All(i => input.ConstantAt(i).Equals(value)))
                continue;
            foreach (int i in Stretch(k, OutputStep))
                output.SetConstant(i, value);
        }
    }

    /// <summary>A stretch that is unused as a whole is unused in the input.</summary>
    public void InferFromOutput(IOperator op)
    {
        AxisFacts input = op.Input(0)[InputAxis];
        AxisFacts output = op.Output(0)[OutputAxis];
        for (int k = 0; output.AnyUnused && k < output.Length / OutputStep; k++)
        {
            if (Stretch(k, OutputStep).Any(output.IsUsed))
                continue;
            foreach (int i in Stretch(k, InputStep))
                input.SetUnused(i);
        }
    }

    /// <summary>Stretches go as a whole.</summary>
    public void Relate(IRelations relations)
    {
        AxisRef input = AxisRef.OfInput(0, InputAxis);
        AxisRef output = AxisRef.OfOutput(0, OutputAxis);
        for (int k = 0; k < relations.Facts(input).Length / InputStep; k++)
        {
            foreach (int i in Stretch(k, InputStep))
                relations.Tie(input, i, output, k * OutputStep);
            foreach (int i in Stretch(k, OutputStep).Skip(1))
                relations.Tie(input, k * InputStep, output, i);
        }
    }

    private static IEnumerable<int> Stretch(int k, int step) => Enumerable.Range(k * step, step);
}
