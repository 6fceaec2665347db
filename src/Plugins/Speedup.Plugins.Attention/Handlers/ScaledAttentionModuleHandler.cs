using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>Handles the module <see cref="ScaledDotProductAttention"/>, in evaluation: nothing is dropped.</summary>
internal sealed class ScaledAttentionModuleHandler() : FunctionModuleHandler<ScaledDotProductAttention>(new ScaledAttentionHandler())
{
    private const int WithMask = 4;
    private static readonly MethodInfo Function = typeof(nn.functional).GetMethod("scaled_dot_product_attention")!;

    /// <summary>Scores from queries and keys, and means of values.</summary>
    public override long CountMacs(IOperator op)
    {
        long rows = op.Output(0).Shape.SkipLast(1).Aggregate(1L, (product, length) => product * length);
        return rows * op.Input(1).Shape[^2] * (op.Input(0).Shape[^1] + op.Input(2).Shape[^1]);
    }

    protected override FunctionCall CallOf(IOperator op) =>
        new(
            Function,
            new InputRef(0),
            new InputRef(1),
            new InputRef(2),
            op.InputCount == WithMask ? new InputRef(WithMask - 1) : null,
            0.0,
            ModuleOf(op).IsCausal
        );
}
