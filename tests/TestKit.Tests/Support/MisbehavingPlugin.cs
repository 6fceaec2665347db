using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

namespace TestKit.Tests.Support;

/// <summary>Registers a <see cref="MisbehavingHandler"/>.</summary>
internal sealed class MisbehavingPlugin(Misdeed misdeed) : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler>(new MisbehavingHandler(misdeed));
}
