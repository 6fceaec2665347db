using System.Globalization;
using Speedup.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles functions that take each element from one tensor or another, as a third tells: <c>where</c>, <c>masked_fill</c>. A
/// constant stays where both choices are the same.
/// </summary>
internal sealed class ChoiceHandler : RuleFunctionHandler
{
    public override OperatorDescription Description =>
        new(
            "an index that is the same constant in all that is chosen from",
            "an index of the tensor that is chosen from",
            "an index that is kept in one of them"
        )
        {
            Folded = "-",
        };

    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "where", "masked_fill", "masked_fill_"), .. KeysOf(typeof(TorchSharp.torch), "where")];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        if (!IsChoice(op))
            yield break;
        yield return new ChosenConstants((axis, index) => [.. Choices(op).Select(choice => ConstantOf(op, choice, axis, index))]);
        for (int position = 0; position < op.InputCount; position++)
        for (int axis = 0; axis < op.Output(0).Rank; axis++)
        {
            if (AxisOf(op, position, axis) is { } own)
                yield return AlignedAxes.FromInputs([own], AxisRef.OfOutput(0, axis), ConstantFunctions.Varying);
        }
    }

    /// <summary><c>where</c> with a condition alone yields positions.</summary>
    private static bool IsChoice(IOperator op) => op.OutputCount == 1 && (op.Method!.Name != "where" || op.FindArgument("y") is not null);

    /// <summary>The two choices: positions of inputs, or numbers.</summary>
    private static object?[] Choices(IOperator op) =>
        op.Method!.Name != "where" ? [op.FindArgument("this"), op.FindArgument("value")]
        : op.Method.IsStatic ? [op.FindArgument("x"), op.FindArgument("y")]
        : [op.FindArgument("this"), op.FindArgument("y")];

    private static double ConstantOf(IOperator op, object? choice, int axis, int index) =>
        choice switch
        {
            InputRef input when AxisOf(op, input.Position, axis) is { } own => op.Facts(own).IsConstant(index)
                ? op.Facts(own).ConstantAt(index)
                : double.NaN,
            InputRef input => op.Input(input.Position).FindConstant(), // broadcast over the axis
            Scalar scalar => scalar.ToDouble(),
            IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
            _ => double.NaN,
        };

    private static AxisRef? AxisOf(IOperator op, int position, int output)
    {
        int axis = output - (op.Output(0).Rank - op.Input(position).Rank);
        return axis >= 0 && op.Input(position).Shape[axis] == op.Output(0).Shape[output] ? AxisRef.OfInput(position, axis) : null;
    }
}
