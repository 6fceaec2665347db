using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin("9.0", typeof(WrongContract.WrongContractPlugin))]

namespace WrongContract;

public sealed class WrongContractPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, WrongContractHandler>();
}
