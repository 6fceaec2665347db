using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles the module <see cref="Unsqueeze"/>.</summary>
internal sealed class UnsqueezeModuleHandler() : FunctionModuleHandler<Unsqueeze>(new ReshapeHandler())
{
    private static readonly MethodInfo Function = typeof(Tensor).GetMethod("unsqueeze", [typeof(long)])!;

    protected override FunctionCall CallOf(IOperator op) => new(Function, new InputRef(0), ModuleOf(op).Dim);
}
