using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles the module <see cref="View"/>; the smaller module has the lengths that are left.</summary>
internal sealed class ViewModuleHandler() : FunctionModuleHandler<View>(new ReshapeHandler())
{
    private static readonly MethodInfo Function = typeof(Tensor).GetMethod("view", [typeof(long[])])!;

    protected override FunctionCall CallOf(IOperator op) => new(Function, new InputRef(0), ModuleOf(op).Shape.ToArray());

    protected override nn.Module Create(View original, IReadOnlyDictionary<string, object?> changed) => new View((long[])changed["shape"]!);
}
