using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(ThrowingDescription.ThrowingDescriptionPlugin))]

namespace ThrowingDescription;

public sealed class ThrowingDescriptionPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, ThrowingDescriptionHandler>();
}
