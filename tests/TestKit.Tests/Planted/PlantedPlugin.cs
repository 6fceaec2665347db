using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

namespace TestKit.Tests.Planted;

/// <summary>Registers the handlers, in all of which one fault is planted.</summary>
internal sealed class PlantedPlugin(PlantedFault fault) : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler>(new PlantedSlopes(fault))
            .AddSingleton<IModuleHandler>(new PlantedNorm(fault))
            .AddSingleton<IModuleHandler>(new PlantedConvolution(fault))
            .AddSingleton<IFunctionHandler>(new PlantedFunction(fault));
}
