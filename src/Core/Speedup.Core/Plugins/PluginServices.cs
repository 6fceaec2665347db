using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Speedup.Core.Plugins;

/// <summary>Lets go of a plugin's services.</summary>
internal static class PluginServices
{
    /// <summary>Disposes them; what their <c>Dispose</c> throws is logged, because other plugins must still have their turn.</summary>
    public static void Release(this ServiceProvider services, string plugin, ILogger logger)
    {
        try
        {
            services.Dispose();
        }
        catch (Exception e)
        {
            logger.DisposeFailed(plugin, e);
        }
    }
}
