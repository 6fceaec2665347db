using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>Handles <c>einsum</c>: each letter of the equation is an index that its axes share.</summary>
internal sealed class EinsumHandler : FunctionHandler
{
    public override OperatorDescription Description =>
        new(
            "an index that is zero in an operand; any constant, if axes are only moved",
            "an index of the output; an index that is summed over and zero in another operand",
            "an index that is summed over and zero in no operand; an index that stands twice in one operand"
        )
        {
            Folded = "-",
        };

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(TorchSharp.torch), "einsum")];

    public override void InferFromInput(IOperator op) => Read(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => Read(op).InferFromOutput(op);

    public override void Relate(IRelations relations) => Read(relations).Relate(relations);

    public override void Constrain(IPlanning plan) => Read(plan).Constrain(plan);

    private static Contraction Read(IOperator op) => Equation.Read(op, op.FindArgument("equation") as string ?? "");
}
