using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(WrongClaim.WrongClaimPlugin))]

namespace WrongClaim;

public sealed class WrongClaimPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, WrongClaimHandler>();
}
