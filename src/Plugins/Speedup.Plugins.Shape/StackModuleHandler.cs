using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles the module <see cref="Stack"/>.</summary>
internal sealed class StackModuleHandler() : FunctionModuleHandler<Stack>(new JoinHandler())
{
    private static readonly MethodInfo Function = typeof(TorchSharp.torch).GetMethod("stack", [typeof(IEnumerable<Tensor>), typeof(long)])!;

    protected override FunctionCall CallOf(IOperator op) =>
        new(Function, Enumerable.Range(0, op.InputCount).Select(position => new InputRef(position)).ToArray(), ModuleOf(op).Dim);
}
