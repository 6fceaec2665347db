using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Normalization;

/// <summary>Handles <c>nn.functional.local_response_norm</c>.</summary>
internal sealed class LocalResponseNormFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "local_response_norm")];

    public override OperatorDescription Description => LocalResponseRule.Words;

    public override void InferFromInput(IOperator op) => RuleOf(op).InferFromInput(op);

    public override void InferFromOutput(IOperator op) => RuleOf(op).InferFromOutput(op);

    public override void Relate(IRelations relations) => LocalResponseRule.Relate(relations);

    private static LocalResponseRule RuleOf(IOperator op) =>
        new((int)(long)op.FindArgument("size")!, Number(op, "alpha"), Number(op, "beta"), Number(op, "k"));

    private static double Number(IOperator op, string name) => (double)op.FindArgument(name)!;
}
