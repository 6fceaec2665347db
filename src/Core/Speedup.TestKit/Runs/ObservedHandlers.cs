using Speedup.Abstractions;
using Speedup.Core.Plugins;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Networks;

namespace Speedup.TestKit.Runs;

/// <summary>Puts the kit's observers before the handlers under test.</summary>
internal static class ObservedHandlers
{
    /// <summary>The handlers with which a subject is sped up.</summary>
    /// <param name="handlers">The handlers that the kit was given.</param>
    /// <param name="moduleType">Type of the module under test; null where a function is: then those of all functions are observed.</param>
    /// <param name="log">Where observers write.</param>
    public static HandlerRegistry Of(HandlerRegistry handlers, Type? moduleType, HandlerLog log)
    {
        List<IModuleHandler> modules = [new ChannelMixHandler()];
        if (moduleType is not null && handlers.FindModuleHandler(moduleType) is { } handler)
            modules.Add(new ObservedModuleHandler(handler, moduleType, log));
        IEnumerable<IFunctionHandler> functions = moduleType is not null
            ? []
            : handlers
                .Functions.GroupBy(claim => claim.Handler, claim => claim.Function)
                .Select(claims => new ObservedFunctionHandler(claims.Key, [.. claims], log));
        return handlers.With(modules, functions);
    }
}
