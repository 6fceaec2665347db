using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

namespace NoEntry;

public sealed class NoEntryPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, NoEntryHandler>();
}
