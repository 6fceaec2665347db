using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

namespace TestKit.Tests.Support;

/// <summary>Registers a <see cref="PlantedHandler"/>.</summary>
internal sealed class PlantedPlugin(PlantedFault fault) : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler>(new PlantedHandler(fault));
}
