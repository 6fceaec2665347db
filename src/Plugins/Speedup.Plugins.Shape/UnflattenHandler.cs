using System.Reflection;
using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>nn.Unflatten</c>, which keeps the new sizes in a field.</summary>
internal sealed class UnflattenHandler() : FunctionModuleHandler<Unflatten>(new ReshapeHandler())
{
    private static readonly MethodInfo Function = typeof(Tensor).GetMethod("unflatten", [typeof(long), typeof(long[])])!;

    protected override FunctionCall CallOf(IOperator op) => new(Function, new InputRef(0), ModuleOf(op).dim, ModuleOf(op).unflattened_size);

    protected override nn.Module Create(Unflatten original, IReadOnlyDictionary<string, object?> changed) =>
        nn.Unflatten(original.dim, (long[])changed["sizes"]!);
}
