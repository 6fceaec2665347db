using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>repeat_interleave</c> along an axis: an index goes with the copies that follow it.</summary>
internal sealed class RepeatInterleaveHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "repeat_interleave"), .. KeysOf(typeof(TorchSharp.torch), "repeat_interleave")];

    public override OperatorDescription Description =>
        new(
            "the constant in each copy",
            "an index whose copies are all unused",
            "the repeated axis where a tensor tells how often, or the length of the output is given; everything where no axis is given"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        if (op.FindArgument("dim") is not long dim)
            yield break;
        int repeated = op.Input(0).Normalize((int)dim);
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
        {
            bool isRepeated = axis == repeated;
            int copies =
                !isRepeated ? 1
                : op.FindArgument("repeats") is long repeats && op.FindArgument("output_size") is null ? (int)repeats
                : 0;
            if (copies > 0)
                yield return new AxisBlocks(AxisRef.OfInput(0, axis), 1, AxisRef.OfOutput(0, axis), copies);
        }
    }
}
