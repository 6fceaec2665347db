using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(SharesModules.SharesModulesPlugin))]
[assembly: SharedWithHost(typeof(TestModules.Doubler))]

namespace SharesModules;

public sealed class SharesModulesPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, DoublerHandler>();
}
