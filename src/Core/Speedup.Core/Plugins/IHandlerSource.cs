using System.Reflection;
using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Finds handlers.</summary>
internal interface IHandlerSource
{
    /// <summary>The handler of a module type or its nearest handled base class, or null.</summary>
    IModuleHandler? FindModuleHandler(Type moduleType);

    /// <summary>
    /// What is wrong where nobody handles a module type, but somebody a type of the same name: one library is there twice, in two load contexts.
    /// </summary>
    /// <returns>One sentence and what to do; null where there is no such type.</returns>
    string? FindNamesake(Type moduleType);

    /// <summary>The name of the plugin that a handler comes from; null for a handler of the host itself.</summary>
    string? OwnerOf(IOperatorHandler handler) => null;

    /// <summary>The handler of a function, or null.</summary>
    IFunctionHandler? FindFunctionHandler(MethodInfo method);
}
