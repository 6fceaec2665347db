using System.Collections;
using System.Globalization;
using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>cat</c> and <c>stack</c>: the joined axis is each input's stretch after the other, the others go together.</summary>
internal sealed class JoinHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(TorchSharp.torch), "cat", "concat", "concatenate", "stack")];

    public override OperatorDescription Description =>
        new("in `cat` the constant at its new place; on other axes what all inputs agree on", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [.. Spans(op), .. OtherAxes(op)];

    /// <summary>The inputs in the order of the recorded list; none where it holds something unknown (or an old-style empty tensor).</summary>
    private static int[] Positions(IOperator op)
    {
        if (op.FindArgument("tensors") is not IEnumerable tensors)
            return [];
        InputRef?[] inputs = [.. tensors.Cast<object?>().Select(tensor => tensor as InputRef)];
        int rank = op.Output(0).Rank - (IsStack(op) ? 1 : 0);
        return Array.TrueForAll(inputs, input => input is not null && op.Input(input.Position).Rank == rank)
            ? [.. inputs.Select(input => input!.Position)]
            : [];
    }

    private static IEnumerable<AxisSpan> Spans(IOperator op)
    {
        if (IsStack(op))
            yield break; // its new axis has no counterpart
        int axis = AxisOf(op);
        int start = 0;
        foreach (int position in Positions(op))
        {
            int length = (int)op.Input(position).Shape[axis];
            yield return new AxisSpan(AxisRef.OfInput(position, axis), 0, AxisRef.OfOutput(0, axis), start, length);
            start += length;
        }
    }

    private static IEnumerable<AlignedAxes> OtherAxes(IOperator op)
    {
        int[] positions = Positions(op);
        int joined = AxisOf(op);
        int shift = IsStack(op) ? 1 : 0;
        for (int axis = 0; axis < op.Output(0).Rank && positions.Length > 0; axis++)
        {
            if (axis == joined)
                continue;
            int ofInput = axis > joined ? axis - shift : axis;
            yield return new AlignedAxes(
                [.. positions.Select(position => AxisRef.OfInput(position, ofInput))],
                [AxisRef.OfOutput(0, axis)]
            );
        }
    }

    private static int AxisOf(IOperator op) =>
        op.Output(0).Normalize(Convert.ToInt32(op.FindArgument("dim") ?? op.FindArgument("axis") ?? 0, CultureInfo.InvariantCulture));

    private static bool IsStack(IOperator op) => op.Method!.Name == "stack";
}
