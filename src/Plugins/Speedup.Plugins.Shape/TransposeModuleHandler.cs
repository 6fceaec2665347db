using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles the module <see cref="Transpose"/>.</summary>
internal sealed class TransposeModuleHandler() : FunctionModuleHandler<Transpose>(new PermuteHandler())
{
    private static readonly MethodInfo Function = typeof(Tensor).GetMethod("transpose", [typeof(long), typeof(long)])!;

    protected override FunctionCall CallOf(IOperator op) => new(Function, new InputRef(0), ModuleOf(op).Dim0, ModuleOf(op).Dim1);
}
