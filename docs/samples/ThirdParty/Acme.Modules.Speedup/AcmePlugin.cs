using Acme.Modules;
using Acme.Modules.Speedup;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(AcmePlugin))]
// The handler must mean the same class ErfGate as the model does: take the host's copy of Acme.Modules where it has one.
[assembly: SharedWithHost(typeof(ErfGate))]

namespace Acme.Modules.Speedup;

/// <summary>Registers the handlers of Acme's module classes.</summary>
public sealed class AcmePlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, ErfGateHandler>();
}
