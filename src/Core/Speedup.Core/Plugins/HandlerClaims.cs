using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Asks handlers what they are for.</summary>
internal static class HandlerClaims
{
    /// <summary>Each module type with its handler.</summary>
    /// <exception cref="PluginFault">A handler names something that is not a module type.</exception>
    public static IEnumerable<(Type Key, IModuleHandler Handler)> ClaimsOf(IEnumerable<IModuleHandler> handlers)
    {
        foreach (IModuleHandler handler in handlers)
        foreach (Type type in NotNull(handler, handler.ModuleTypes, nameof(handler.ModuleTypes)))
        {
            if (type is null || !typeof(TorchSharp.torch.nn.Module).IsAssignableFrom(type))
                throw PluginFaults.BadClaim(handler.GetType(), $"names '{type}' in ModuleTypes, which is not a torch.nn.Module");
            yield return (type, handler);
        }
    }

    /// <summary>Each function with its handler.</summary>
    /// <exception cref="PluginFault">A handler names no functions, or an incomplete one.</exception>
    public static IEnumerable<(FunctionKey Key, IFunctionHandler Handler)> ClaimsOf(IEnumerable<IFunctionHandler> handlers)
    {
        foreach (IFunctionHandler handler in handlers)
        foreach (FunctionKey key in NotNull(handler, handler.Functions, nameof(handler.Functions)))
        {
            if (key.DeclaringType is null || string.IsNullOrEmpty(key.Name))
                throw PluginFaults.BadClaim(handler.GetType(), "names a function without type or name in Functions");
            yield return (key, handler);
        }
    }

    private static IReadOnlyList<T> NotNull<T>(IOperatorHandler handler, IReadOnlyList<T>? list, string property) =>
        list ?? throw PluginFaults.BadClaim(handler.GetType(), $"returns null for {property}");
}
