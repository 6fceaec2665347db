using Microsoft.Extensions.DependencyInjection;

namespace Speedup.Abstractions;

/// <summary>
/// The entry class of a plugin: registers its handlers, and nothing else.
/// Register each handler as <see cref="IModuleHandler"/> or <see cref="IFunctionHandler"/>, singleton.
/// </summary>
public interface ISpeedupPlugin
{
    /// <summary>Adds the plugin's handlers and their private services.</summary>
    /// <param name="services">
    /// A collection of the plugin's own: if this method throws, nothing of it reaches the host.
    /// Logging (<c>ILogger&lt;T&gt;</c>) is available to the handlers' constructors.
    /// </param>
    void ConfigureServices(IServiceCollection services);
}
