using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(ThrowingConstructor.ThrowingConstructorPlugin))]

namespace ThrowingConstructor;

public sealed class ThrowingConstructorPlugin : ISpeedupPlugin
{
    public ThrowingConstructorPlugin() => throw new InvalidOperationException("constructor says no");

    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, ThrowingConstructorHandler>();
}
