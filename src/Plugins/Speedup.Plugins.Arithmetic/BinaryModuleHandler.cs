using System.Reflection;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles modules of two tensors, such as <see cref="Modules.Add"/>, as the operators that they call.</summary>
/// <typeparam name="TModule">The module type.</typeparam>
/// <param name="function">The handler of the operator.</param>
/// <param name="name">CLR name of the operator.</param>
internal abstract class BinaryModuleHandler<TModule>(BinaryHandler function, string name) : FunctionModuleHandler<TModule>(function)
    where TModule : nn.Module
{
    private readonly MethodInfo _method = typeof(Tensor).GetMethod(name, [typeof(Tensor), typeof(Tensor)])!;

    protected override FunctionCall CallOf(IOperator op) => new(_method, new InputRef(0), new InputRef(1));
}
