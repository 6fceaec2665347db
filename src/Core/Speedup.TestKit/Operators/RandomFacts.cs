using Speedup.Abstractions;
using Speedup.TestKit.Checks;
using static TorchSharp.torch;

namespace Speedup.TestKit.Operators;

/// <summary>What the neighbours of an operator know, drawn at random, and inputs for which that holds.</summary>
internal sealed class RandomFacts(OperatorSubject subject, LoneOperator op, CaseDraw draw)
{
    private const double Constants = 0.5;
    private const double Unused = 0.4;

    /// <summary>Lets constants enter and leaves outputs unused.</summary>
    public void Add()
    {
        for (int p = 0; p < op.InputCount; p++)
        {
            if (subject.ZeroInputs.Contains(p))
                AddZeros(op.Input(p)[subject.Inputs[p].AxisFromFront]);
            if (AxisOf(p) is { } axis)
                AddConstants(p, op.Input(p)[axis]);
        }
        for (int q = 0; q < op.OutputCount; q++)
            AddUnused(op.Output(q));
    }

    /// <summary>Inputs of other random numbers that hold the constants.</summary>
    /// <param name="size">Position of the shapes; the first is the traced one.</param>
    public Tensor[] MakeInputs(int size) =>
        [
            .. subject.Inputs.Select(
                (input, p) => Fill(draw.Values.Normal(input.AllShapes.ElementAt(size), ScalarType.Float64), op.Input(p))
            ),
        ];

    /// <summary>A pass on inputs.</summary>
    public Observation Observe(Tensor[] inputs, Func<Tensor[], Tensor[]> call)
    {
        Tensor[] outputs = call(inputs);
        return new Observation(inputs, outputs, WhereNeeded(outputs));
    }

    /// <summary>What somebody needs of outputs: what is unused or constant there may be anything when an unused input is another.</summary>
    public Tensor[] WhereNeeded(IReadOnlyList<Tensor> outputs) => [.. outputs.Select((output, q) => Clear(output.clone(), op.Output(q)))];

    private int? AxisOf(int position)
    {
        int axis = subject.Inputs[position].AxisFromFront;
        return axis < op.Input(position).Rank ? axis : null;
    }

    private static void AddZeros(AxisFacts facts)
    {
        for (int i = 0; i < facts.Length; i++)
            facts.SetConstant(i, 0);
    }

    private void AddConstants(int position, AxisFacts facts)
    {
        for (int i = 0; i < facts.Length; i++)
        {
            if (subject.SameConstants && position > 0)
            {
                AxisFacts first = op.Input(0)[subject.Inputs[0].AxisFromFront];
                if (first.IsConstant(i))
                    facts.SetConstant(i, first.ConstantAt(i));
            }
            else if (draw.Random.NextDouble() < Constants)
                facts.SetConstant(
                    i,
                    draw.Random.Next(4) switch
                    {
                        0 => 0,
                        1 => 1.5,
                        2 => -0.75,
                        _ => draw.Random.NextDouble() - 0.5,
                    }
                );
        }
    }

    private void AddUnused(TensorFacts output)
    {
        int axis = subject.OutputAxis < 0 ? subject.OutputAxis + output.Rank : subject.OutputAxis;
        for (int i = 0; axis < output.Rank && i < output[axis].Length; i++)
        {
            if (draw.Random.NextDouble() < Unused)
                output[axis].SetUnused(i);
        }
    }

    private static Tensor Fill(Tensor value, TensorFacts facts)
    {
        foreach ((int axis, int index) in Where(facts, (axis, i) => axis.IsConstant(i)))
        {
            using Tensor constant = tensor(facts[axis].ConstantAt(index));
            value.narrow(axis, index, 1).copy_(constant);
        }
        return value;
    }

    private static Tensor Clear(Tensor value, TensorFacts facts)
    {
        foreach ((int axis, int index) in Where(facts, (axis, i) => !axis.IsNeeded(i)))
            value.narrow(axis, index, 1).zero_();
        return value;
    }

    private static IEnumerable<(int Axis, int Index)> Where(TensorFacts facts, Func<AxisFacts, int, bool> condition) =>
        from axis in Enumerable.Range(0, facts.Rank)
        from index in Enumerable.Range(0, facts[axis].Length)
        where condition(facts[axis], index)
        select (axis, index);
}
