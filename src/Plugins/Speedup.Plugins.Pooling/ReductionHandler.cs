using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Pooling;

/// <summary>
/// Handles reductions over given axes (<c>mean</c>, <c>sum</c>, <c>amax</c>, <c>amin</c>), such as global pooling written as
/// <c>x.mean([2, 3])</c>. The reduced axes cannot change; a reduction over everything is a barrier.
/// </summary>
internal sealed class ReductionHandler : RuleFunctionHandler
{
    private static readonly string[] Names = ["mean", "sum", "amax", "amin"];
    private static readonly string[] AxisArguments = ["dimensions", "dims", "dim", "dim0", "dim1", "dim2"];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), Names), .. KeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description =>
        new(
            "a constant of another axis; of `sum` zero only, since its value depends on the size",
            "an index of another axis",
            "the reduced axes; everything where all axes are reduced"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        // How many elements a sum adds up may depend on the size of the input.
        Func<double, double> ofConstant = op.Method!.Name == "sum" ? ConstantFunctions.ZeroOnly : ConstantFunctions.Same;
        return OtherAxes(op).Select(axes => AlignedAxes.Of(axes.Input, axes.Output, ofConstant));
    }

    private static List<(int Input, int Output)> OtherAxes(IOperator op)
    {
        var pairs = new List<(int Input, int Output)>();
        if (op.InputCount != 1 || ReducedAxes(op) is not { Count: > 0 } reduced)
            return pairs;
        bool keepsAxes = op.Output(0).Rank == op.Input(0).Rank;
        int output = 0;
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
        {
            if (!reduced.Contains(axis))
                pairs.Add((axis, output));
            if (keepsAxes || !reduced.Contains(axis))
                output++;
        }
        return pairs;
    }

    private static HashSet<int> ReducedAxes(IOperator op)
    {
        IEnumerable<long> axes = AxisArguments.SelectMany(name =>
            op.FindArgument(name) switch
            {
                long axis => [axis],
                IEnumerable<long> several => several,
                _ => [],
            }
        );
        return [.. axes.Select(axis => op.Input(0).Normalize((int)axis))];
    }
}
