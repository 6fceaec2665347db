using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Plugins;

namespace Speedup.Core.CodeWriting.Passes;

/// <summary>No handlers: all modules are traced into but TorchSharp's own, those that plugins put in their place included.</summary>
internal sealed class NoHandlers : IHandlerSource
{
    /// <inheritdoc/>
    public IModuleHandler? FindModuleHandler(Type moduleType) => null;

    /// <inheritdoc/>
    public string? FindNamesake(Type moduleType) => null;

    /// <inheritdoc/>
    public IFunctionHandler? FindFunctionHandler(MethodInfo method) => null;
}
