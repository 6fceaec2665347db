using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Template._1.OperatorsPlugin))]

namespace Template._1;

/// <summary>Registers the handlers, and nothing else.</summary>
public sealed class OperatorsPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IFunctionHandler, SincHandler>();
}
