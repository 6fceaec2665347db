using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>Handles the module <see cref="MatMul"/>.</summary>
internal sealed class MatMulModuleHandler() : FunctionModuleHandler<MatMul>(new MatrixProductHandler())
{
    private static readonly MethodInfo Function = typeof(Tensor).GetMethod("matmul", [typeof(Tensor)])!;

    public override long CountMacs(IOperator op) =>
        op.Output(0).Shape.Aggregate(op.Input(0).Shape[^1], (product, length) => product * length);

    protected override FunctionCall CallOf(IOperator op) => new(Function, new InputRef(0), new InputRef(1));
}
