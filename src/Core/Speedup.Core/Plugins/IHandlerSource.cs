using System.Reflection;
using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Finds handlers.</summary>
internal interface IHandlerSource
{
    /// <summary>The handler of a module type or its nearest handled base class, or null.</summary>
    IModuleHandler? FindModuleHandler(Type moduleType);

    /// <summary>The handler of a function, or null.</summary>
    IFunctionHandler? FindFunctionHandler(MethodInfo method);
}
