using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles functions that work along some axes, and do the same at each index of the others: cumulative sums, rolls, sorting. What is at one
/// index of another axis is computed from what is at this index alone.
/// </summary>
internal sealed class AlongAxisHandler : RuleFunctionHandler
{
    /// <summary>What becomes of a slice that is one constant; NaN where that depends on the place.</summary>
    private static readonly Dictionary<string, Func<double, double>> OfConstant = new(StringComparer.Ordinal)
    {
        ["cumsum"] = ConstantFunctions.ZeroOnly,
        ["cumprod"] = value => value is 0 or 1 ? value : double.NaN,
        ["cummax"] = ConstantFunctions.Same,
        ["cummin"] = ConstantFunctions.Same,
        ["logcumsumexp"] = ConstantFunctions.Varying,
        ["diff"] = _ => 0,
        ["roll"] = ConstantFunctions.Same,
        ["sort"] = ConstantFunctions.Same,
        ["topk"] = ConstantFunctions.Same,
        ["unfold"] = ConstantFunctions.Same,
    };

    private static readonly string[] AxisNames = ["dim", "dims", "dimension"];

    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. new[] { typeof(Tensor), typeof(TorchSharp.torch) }.SelectMany(type =>
                ExistingKeysOf(type, OfConstant.Keys.SelectMany(name => new[] { name, name + "_" }))
            ),
        ];

    public override OperatorDescription Description =>
        new(
            "a constant of another axis, of `cumsum` zero only, since others grow along the axis",
            "an index of another axis",
            "the axes along which it works; everything where it works on all elements in a row"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        // no difference at all is the tensor itself, of which nothing is said
        Func<double, double> function = op.FindArgument("n") is 0L ? ConstantFunctions.Varying : OfConstant[op.Method!.Name.TrimEnd('_')];
        return OtherAxes(op).Select(axis => new ValuesAndIndices(axis, axis, function));
    }

    /// <summary>The axes beside those that are given; none where no axis is given, or where something is put before or behind.</summary>
    private static IEnumerable<int> OtherAxes(IOperator op)
    {
        int[] along = [.. AxisNames.SelectMany(name => Numbers(op.FindArgument(name))).Select(op.Input(0).Normalize)];
        return op.InputCount != 1 || along.Length == 0 ? [] : Enumerable.Range(0, op.Input(0).Rank).Except(along);
    }

    private static IEnumerable<int> Numbers(object? argument) =>
        argument switch
        {
            long number => [(int)number],
            int number => [number],
            IEnumerable<long> numbers => numbers.Select(number => (int)number),
            ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => (int)(long)tuple[i]!),
            _ => [],
        };
}
