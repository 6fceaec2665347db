using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>
/// Checks a handler by brute force on one operator. Random facts enter; every constant that the handler claims must show on random
/// inputs, every input that it calls unused may be disturbed, and the operator that it makes smaller must compute what the masked
/// one computed for the outputs that are left, at each size of the input.
/// </summary>
internal sealed class OperatorCheck(IOperatorHandler handler, FakeOperator op, Random random)
{
    /// <summary>The masked operator on other inputs.</summary>
    public required Func<Tensor[], Tensor[]> Original { get; init; }

    /// <summary>Makes the small operator, once everything is decided.</summary>
    public required Func<Func<Tensor[], Tensor[]>> MakeSmall { get; init; }

    /// <summary>Shapes of all inputs, in one or more sizes; the first one is the traced one.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Axis of each input on which constants enter.</summary>
    public required IReadOnlyList<int> ConstantAxes { get; init; }

    /// <summary>Axis of each output on which unused indices enter.</summary>
    public required IReadOnlyList<int> UnusedAxes { get; init; }

    /// <summary>Whether all inputs have the constants of the first.</summary>
    public bool SameConstants { get; init; }

    public bool Run()
    {
        handler.InferFromWeight(op); // once, and before any other fact, as the engine does
        AddFacts();
        Infer();
        foreach (long[][] shapes in Sizes)
        {
            using var scope = NewDisposeScope();
            CheckConstants(shapes);
            CheckUnused(shapes);
        }
        handler.Relate(op);
        op.Plan(random, () => handler.Constrain(op));
        Func<Tensor[], Tensor[]> small = MakeSmall();
        foreach (long[][] shapes in Sizes)
        {
            using var scope = NewDisposeScope();
            CheckSmall(shapes, small);
        }
        return op.AnyRemoved;
    }

    private void AddFacts()
    {
        for (int p = 0; p < op.InputCount; p++)
        {
            if (ConstantAxes[p] is var axis && axis >= op.Input(p).Rank)
                continue;
            for (int i = 0; i < op.Input(p)[axis].Length; i++)
            {
                if (SameConstants && p > 0)
                    CopyConstant(i, ConstantAxes[0], op.Input(p)[axis]);
                else if (random.NextDouble() < 0.5)
                    op.Input(p)[axis]
                        .SetConstant(
                            i,
                            random.Next(4) switch
                            {
                                0 => 0,
                                1 => 1.5,
                                2 => -0.75,
                                _ => random.NextDouble() - 0.5,
                            }
                        );
            }
        }
        for (int p = 0; p < op.OutputCount; p++)
        {
            for (int i = 0; UnusedAxes[p] < op.Output(p).Rank && i < op.Output(p)[UnusedAxes[p]].Length; i++)
            {
                if (random.NextDouble() < 0.4)
                    op.Output(p)[UnusedAxes[p]].SetUnused(i);
            }
        }
    }

    private void CopyConstant(int index, int axis, AxisFacts target)
    {
        if (op.Input(0)[axis].IsConstant(index))
            target.SetConstant(index, op.Input(0)[axis].ConstantAt(index));
    }

    private void Infer()
    {
        int before;
        do
        {
            before = CountFacts();
            handler.InferFromInput(op);
            handler.InferFromOutput(op);
        } while (CountFacts() > before);
    }

    private void CheckConstants(long[][] shapes)
    {
        Tensor[] outputs = Original(RandomInputs(shapes));
        for (int p = 0; p < outputs.Length; p++)
            Slices.AssertConstants(outputs[p], op.Output(p));
    }

    private void CheckUnused(long[][] shapes)
    {
        Tensor[] inputs = RandomInputs(shapes);
        Tensor[] expected = Original(inputs);
        Tensor[] actual = Original([.. inputs.Select((input, p) => Slices.Disturb(input, op.Input(p)))]);
        for (int p = 0; p < expected.Length; p++)
        {
            Tensor relevant = Slices.Outside(expected[p], op.Output(p), (axis, i) => !axis.IsNeeded(i));
            Slices.AssertEqual(expected[p], actual[p], relevant, $"output {p} after unused inputs were disturbed");
        }
    }

    private void CheckSmall(long[][] shapes, Func<Tensor[], Tensor[]> small)
    {
        Tensor[] inputs = RandomInputs(shapes);
        Tensor[] expected = Original(inputs);
        Tensor[] smallInputs =
        [
            .. inputs.Select((input, p) => Slices.Select(input, axis => KeptOrAll(AxisRef.OfInput(p, axis), input)).clone()),
        ];
        Tensor[] actual = small(smallInputs);
        Assert.Equal(expected.Length, actual.Length);
        for (int p = 0; p < expected.Length; p++)
        {
            int position = p;
            Tensor relevant = Slices.Outside(expected[p], op.Output(p), (axis, i) => !axis.IsUsed(i));
            Slices.AssertEqual(Kept(expected[p]), actual[p], Kept(relevant), $"output {p} of the small operator");

            Tensor Kept(Tensor value) => Slices.Select(value, axis => KeptOrAll(AxisRef.OfOutput(position, axis), value));
        }
    }

    /// <summary>At another size an axis that cannot change has another length.</summary>
    private IReadOnlyList<long> KeptOrAll(AxisRef axis, Tensor value)
    {
        IReadOnlyList<int> kept = op.Kept(axis);
        IEnumerable<int> indices = kept.Count == op.Facts(axis).Length ? Enumerable.Range(0, (int)value.shape[axis.Axis]) : kept;
        return [.. indices.Select(i => (long)i)];
    }

    private Tensor[] RandomInputs(long[][] shapes) => [.. shapes.Select((shape, p) => Slices.Random(shape, op.Input(p)))];

    private int CountFacts() =>
        Enumerable.Range(0, op.InputCount).Sum(p => op.Input(p).Count) + Enumerable.Range(0, op.OutputCount).Sum(p => op.Output(p).Count);
}
