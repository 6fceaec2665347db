using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Plugins;
using static TorchSharp.torch;

namespace Speedup.Onnx.Emission;

/// <summary>Tells the tracer which modules are one call: those that have an operator.</summary>
internal sealed class OneCallModules(OnnxOperators operators) : IHandlerSource
{
    private readonly OneCall _oneCall = new();

    /// <inheritdoc/>
    public IModuleHandler? FindModuleHandler(Type moduleType) => operators.Find(moduleType) is null ? null : _oneCall;

    /// <inheritdoc/>
    public string? FindNamesake(Type moduleType) => null;

    /// <inheritdoc/>
    public IFunctionHandler? FindFunctionHandler(MethodInfo method) => null;

    /// <summary>Stands for an operator where the tracer asks whether a module is handled.</summary>
    private sealed class OneCall : ModuleHandler<nn.Module>
    {
        /// <inheritdoc/>
        public override void Relate(IRelations relations) { }
    }
}
