using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;
using Speedup.Onnx.Abstractions;

namespace Speedup.Onnx;

/// <summary>Puts the ONNX export into a host's container.</summary>
public static class OnnxServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IOnnxExporter"/>, and the framework where it was not added. Operators that the host registers as
    /// <see cref="IOnnxOperator"/> win over those of plugins.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddSpeedupOnnx(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSpeedup();
        services.TryAddSingleton(provider => new OnnxOperators(
            provider.GetServices<IOnnxOperator>(),
            provider.GetRequiredService<IPluginCatalog>()
        ));
        services.TryAddSingleton<IOnnxExporter, OnnxExporter>();
        return services;
    }
}
