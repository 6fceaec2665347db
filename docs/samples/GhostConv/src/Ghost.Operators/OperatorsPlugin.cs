using Ghost.Modules;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Ghost.Operators.OperatorsPlugin))]
// The handler must mean the same class GhostConv as the model does: take the host's copy of Ghost.Modules where it has one.
[assembly: SharedWithHost(typeof(GhostConv))]

namespace Ghost.Operators;

/// <summary>Registers the handlers, and nothing else.</summary>
public sealed class OperatorsPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, GhostConvHandler>();
}
