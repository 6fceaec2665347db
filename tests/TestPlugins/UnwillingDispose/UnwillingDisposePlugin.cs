using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(UnwillingDispose.UnwillingDisposePlugin))]

namespace UnwillingDispose;

public sealed class UnwillingDisposePlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, UnwillingDisposeHandler>();
}
