using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(WrongFacts.WrongFactsPlugin))]

namespace WrongFacts;

public sealed class WrongFactsPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, WrongFactsHandler>();
}
