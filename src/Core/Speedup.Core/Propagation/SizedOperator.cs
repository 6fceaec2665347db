using Speedup.Abstractions;
using Speedup.Core.Sizes;

namespace Speedup.Core.Propagation;

/// <summary>An operator as it was called at one size, with facts of its own: what its handler infers there stays there.</summary>
internal sealed class SizedOperator : OperatorAdapter
{
    private readonly IReadOnlyDictionary<string, object?> _arguments;
    private readonly TensorFacts[] _inputs;
    private readonly TensorFacts[] _outputs;

    /// <summary>The call as it was traced, with the facts that there are.</summary>
    public SizedOperator(GraphOperator view)
        : this(view, view.Node.Arguments, ShapesOf(view.InputCount, view.Input), ShapesOf(view.OutputCount, view.Output)) { }

    /// <summary>The call as it was made at another size, with the facts that there are on the axes that it shares with the traced one.</summary>
    public SizedOperator(GraphOperator view, SizedCall call)
        : this(view, call.Node.Arguments, call.Inputs, call.Outputs) { }

    private SizedOperator(
        GraphOperator view,
        IReadOnlyDictionary<string, object?> arguments,
        IReadOnlyList<IReadOnlyList<long>> inputs,
        IReadOnlyList<IReadOnlyList<long>> outputs
    )
        : base(view)
    {
        _arguments = arguments;
        _inputs = [.. inputs.Select((shape, position) => new TensorFacts(Copy(view.Input(position), shape)))];
        _outputs = [.. outputs.Select((shape, position) => Copy(view.Output(position), shape))];
        for (int position = 0; position < _inputs.Length; position++)
            CopyUnused(view.Input(position), _inputs[position]);
    }

    /// <inheritdoc/>
    public override TensorFacts Input(int position) => _inputs[position];

    /// <inheritdoc/>
    public override TensorFacts Output(int position) => _outputs[position];

    /// <inheritdoc/>
    public override object? FindArgument(string name)
    {
        View.CheckName(name);
        return _arguments.GetValueOrDefault(name);
    }

    /// <inheritdoc/>
    public override AxisFacts Facts(AxisRef axis) =>
        axis.Kind switch
        {
            PortKind.Input => Input(axis.Position)[axis.Axis],
            PortKind.Output => Output(axis.Position)[axis.Axis],
            _ => View.Facts(axis),
        };

    private static IReadOnlyList<long>[] ShapesOf(int count, Func<int, TensorFacts> tensor) =>
        [.. Enumerable.Range(0, count).Select(position => tensor(position).Shape)];

    private static TensorFacts Copy(TensorFacts facts, IReadOnlyList<long> shape)
    {
        var copy = new TensorFacts(shape, [.. Enumerable.Range(0, facts.Rank).Select(axis => facts[axis].Period)]);
        if (facts.Rank == 0 && facts.Whole.IsConstant(0))
            copy.SetConstant(facts.Whole.ConstantAt(0));
        for (int axis = 0; axis < facts.Rank; axis++)
        {
            if (!facts[axis].AnyConstant)
                continue;
            for (int i = 0; i < copy[axis].Length; i++)
            {
                if (PeriodicIndex.Of(facts[axis], i) is var known && known < facts[axis].Length && facts[axis].IsConstant(known))
                    copy[axis].SetConstant(i, facts[axis].ConstantAt(known));
            }
        }
        CopyUnused(facts, copy);
        return copy;
    }

    private static void CopyUnused(TensorFacts facts, TensorFacts copy)
    {
        for (int axis = 0; axis < facts.Rank; axis++)
        {
            if (!facts[axis].AnyUnused)
                continue;
            for (int i = 0; i < copy[axis].Length; i++)
            {
                if (PeriodicIndex.Of(facts[axis], i) is var known && known < facts[axis].Length && !facts[axis].IsUsed(known))
                    copy[axis].SetUnused(i);
            }
        }
    }
}
