using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>
/// Lets a plugin register its handlers and other services, and creates them. Everything happens in a container of the plugin's own, so that
/// whatever goes wrong leaves nothing behind.
/// </summary>
internal sealed class PluginActivator(ILoggerFactory loggers)
{
    private static readonly ServiceProviderOptions Strict = new() { ValidateOnBuild = true, ValidateScopes = true };

    /// <summary>Creates the services of a plugin.</summary>
    /// <exception cref="PluginFault">Something in the plugin failed.</exception>
    public LoadedPlugin Activate(PluginCandidate candidate, PluginMetadata metadata, ISpeedupPlugin entry)
    {
        ServiceProvider provider = Build(Configure(entry));
        try
        {
            (Type, IModuleHandler)[] modules = [.. HandlerClaims.ClaimsOf(provider.GetServices<IModuleHandler>())];
            (FunctionKey, IFunctionHandler)[] functions = [.. HandlerClaims.ClaimsOf(provider.GetServices<IFunctionHandler>())];
            (string, IPruner)[] pruners = [.. NamedServices.Of(provider.GetServices<IPruner>(), pruner => pruner.Name)];
            IEnumerable<IOperatorHandler> handlers = [.. modules.Select(claim => claim.Item2), .. functions.Select(claim => claim.Item2)];
            Dictionary<IOperatorHandler, OperatorDescription?> descriptions = new(ReferenceEqualityComparer.Instance);
            foreach (IOperatorHandler handler in handlers)
                descriptions[handler] = handler.Description;
            return modules.Length + functions.Length + pruners.Length == 0 && !provider.GetServices<IOnnxOperator>().Any()
                ? throw PluginFaults.NoHandlers(entry.GetType())
                : new LoadedPlugin(candidate, metadata, provider, modules, functions, pruners, descriptions);
        }
        catch (Exception e)
        {
            provider.Release(candidate.Name, loggers.CreateLogger<PluginActivator>());
            throw e as PluginFault ?? PluginFaults.HandlerThrew(PluginFaults.Unwrap(e));
        }
    }

    private ServiceCollection Configure(ISpeedupPlugin entry)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers); // an instance: the plugin's container does not dispose it
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        try
        {
            entry.ConfigureServices(services);
            return services;
        }
        catch (Exception e)
        {
            throw PluginFaults.ConfigureThrew(entry.GetType(), PluginFaults.Unwrap(e));
        }
    }

    private static ServiceProvider Build(ServiceCollection services)
    {
        try
        {
            return services.BuildServiceProvider(Strict);
        }
        catch (Exception e)
        {
            throw PluginFaults.NotConstructible(e);
        }
    }
}
