using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles the module <see cref="Cat"/>.</summary>
internal sealed class CatModuleHandler() : FunctionModuleHandler<Cat>(new JoinHandler())
{
    private static readonly MethodInfo Function = typeof(TorchSharp.torch).GetMethod("cat", [typeof(IList<Tensor>), typeof(long)])!;

    protected override FunctionCall CallOf(IOperator op) =>
        new(Function, Enumerable.Range(0, op.InputCount).Select(position => new InputRef(position)).ToArray(), ModuleOf(op).Dim);
}
