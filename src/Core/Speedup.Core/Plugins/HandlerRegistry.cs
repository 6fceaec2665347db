using System.Reflection;
using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Finds the handler of a module type or function. It does not change after it is built, and can be used from several threads.</summary>
public sealed class HandlerRegistry : IHandlerSource
{
    private readonly ClaimTable<Type, IModuleHandler> _modules = new();
    private readonly ClaimTable<FunctionKey, IFunctionHandler> _functions = new();
    private readonly Dictionary<IOperatorHandler, string> _owners = new(ReferenceEqualityComparer.Instance);

    /// <summary>Creates a registry of given handlers, without plugins.</summary>
    /// <param name="moduleHandlers">Module handlers; they stay the caller's.</param>
    /// <param name="functionHandlers">Function handlers; they stay the caller's.</param>
    /// <exception cref="SpeedupException">Two of them are for one module type or function, or one names something impossible.</exception>
    public HandlerRegistry(IEnumerable<IModuleHandler> moduleHandlers, IEnumerable<IFunctionHandler> functionHandlers)
    {
        ArgumentNullException.ThrowIfNull(moduleHandlers);
        ArgumentNullException.ThrowIfNull(functionHandlers);
        try
        {
            foreach ((Type type, IModuleHandler handler) in HandlerClaims.ClaimsOf(moduleHandlers))
                Claim(_modules, type, handler);
            foreach ((FunctionKey key, IFunctionHandler handler) in HandlerClaims.ClaimsOf(functionHandlers))
            {
                if (!key.FindMethods().Any())
                    throw PluginFaults.NoSuchFunction(handler.GetType(), key);
                Claim(_functions, key, handler);
            }
        }
        catch (PluginFault fault)
        {
            throw new SpeedupException(fault.Code, $"A handler that the host registers is wrong. {fault.Message}", fault);
        }
    }

    /// <summary>Creates a registry of the host's own handlers, which win, and those of a catalog's plugins.</summary>
    internal HandlerRegistry(
        IEnumerable<IModuleHandler> moduleHandlers,
        IEnumerable<IFunctionHandler> functionHandlers,
        PluginCatalog plugins
    )
        : this(moduleHandlers, functionHandlers, plugins.Claims) => Catalog = plugins;

    /// <summary>Creates a registry of the host's own handlers, which win, and those of plugins.</summary>
    internal HandlerRegistry(
        IEnumerable<IModuleHandler> moduleHandlers,
        IEnumerable<IFunctionHandler> functionHandlers,
        PluginClaims plugins
    )
        : this(moduleHandlers, functionHandlers)
    {
        Add(_modules, plugins.Modules);
        Add(_functions, plugins.Functions);
    }

    /// <summary>Whether nothing is handled at all.</summary>
    internal bool IsEmpty => !_modules.Granted.Any() && !_functions.Granted.Any();

    /// <summary>Where handlers of plugins come from; null where the host gave all handlers itself.</summary>
    internal PluginCatalog? Catalog { get; private init; }

    /// <summary>
    /// The handler of a module type: that of the type itself, or else of its nearest base class. At each step a handler of the
    /// constructed type (<c>Wrapper&lt;Linear&gt;</c>) goes before one of the open type (<c>Wrapper&lt;&gt;</c>).
    /// </summary>
    /// <returns>The handler, or null where nobody handles the type.</returns>
    public IModuleHandler? FindModuleHandler(Type moduleType)
    {
        ArgumentNullException.ThrowIfNull(moduleType);
        for (Type? type = moduleType; type is not null; type = type.BaseType)
        {
            IModuleHandler? handler = _modules.Find(type);
            if (handler is null && type.IsGenericType)
                handler = _modules.Find(type.GetGenericTypeDefinition());
            if (handler is not null)
                return handler;
        }
        return null;
    }

    /// <summary>The handler of a function, whichever of its overloads it is.</summary>
    /// <returns>The handler, or null where nobody handles the function.</returns>
    public IFunctionHandler? FindFunctionHandler(MethodInfo method) => _functions.Find(FunctionKey.Of(method));

    /// <inheritdoc/>
    string? IHandlerSource.FindNamesake(Type moduleType)
    {
        (Type? key, IModuleHandler? handler, string? owner) = _modules.Granted.FirstOrDefault(claim =>
            claim.Key != moduleType && claim.Key.FullName == moduleType.FullName
        );
        if (key is null)
            return null;
        string whose = owner is null ? $"The handler {handler!.GetType()} of the host" : $"The plugin '{owner}'";
        return $"{whose} handles {moduleType.FullName}, but of another copy of {key.Assembly.GetName().Name}, so that it is never asked for the model's. "
            + $"Say [assembly: SharedWithHost(typeof({moduleType.Name}))] in the plugin, or name the model's assembly in PluginOptions.ModelAssemblies.";
    }

    /// <summary>A registry in which further handlers go before those of this one.</summary>
    /// <param name="moduleHandlers">Module handlers; they stay the caller's.</param>
    /// <param name="functionHandlers">Function handlers; they stay the caller's.</param>
    /// <exception cref="SpeedupException">Two of them are for one module type or function, or one names something impossible.</exception>
    public HandlerRegistry With(IEnumerable<IModuleHandler> moduleHandlers, IEnumerable<IFunctionHandler> functionHandlers)
    {
        var result = new HandlerRegistry(moduleHandlers, functionHandlers) { Catalog = Catalog };
        result.Add(result._modules, _modules);
        result.Add(result._functions, _functions);
        return result;
    }

    /// <summary>The name of the plugin that a handler comes from; null for a handler of the host itself.</summary>
    public string? OwnerOf(IOperatorHandler handler) => _owners.GetValueOrDefault(handler);

    private static void Claim<TKey, THandler>(ClaimTable<TKey, THandler> table, TKey key, THandler handler)
        where TKey : notnull
        where THandler : class, IOperatorHandler
    {
        if (!table.TryClaim(key, handler, owner: null, out _))
            throw new SpeedupException(
                PluginFaults.HostClaimsTwice,
                $"Two handlers that the host registers are for {key}: {table.Find(key)!.GetType()} and {handler.GetType()}. Register one."
            );
    }

    private void Add<TKey, THandler>(ClaimTable<TKey, THandler> table, ClaimTable<TKey, THandler> later)
        where TKey : notnull
        where THandler : class, IOperatorHandler
    {
        foreach ((TKey key, THandler handler, string? owner) in later.Granted)
        {
            _ = table.TryClaim(key, handler, owner, out _); // what the host claims stays with the host
            if (owner is not null)
                _owners[handler] = owner;
        }
    }
}
