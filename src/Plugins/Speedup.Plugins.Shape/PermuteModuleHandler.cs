using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles the module <see cref="Permute"/>.</summary>
internal sealed class PermuteModuleHandler() : FunctionModuleHandler<Permute>(new PermuteHandler())
{
    private static readonly MethodInfo Function = typeof(Tensor).GetMethod("permute", [typeof(long[])])!;

    protected override FunctionCall CallOf(IOperator op) => new(Function, new InputRef(0), ModuleOf(op).Permutation.ToArray());
}
