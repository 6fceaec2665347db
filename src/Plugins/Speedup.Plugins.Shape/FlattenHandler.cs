using System.Reflection;
using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>nn.Flatten</c>.</summary>
internal sealed class FlattenHandler() : FunctionModuleHandler<Flatten>(new ReshapeHandler())
{
    private static readonly MethodInfo Function = typeof(Tensor).GetMethod("flatten", [typeof(long), typeof(long)])!;

    protected override FunctionCall CallOf(IOperator op) => new(Function, new InputRef(0), ModuleOf(op).start_dim, ModuleOf(op).end_dim);
}
