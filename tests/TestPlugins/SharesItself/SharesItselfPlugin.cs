using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(SharesItself.SharesItselfPlugin))]
[assembly: SharedWithHost(typeof(SharesItself.OwnModule))]

namespace SharesItself;

public sealed class SharesItselfPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, OwnModuleHandler>();
}
