using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;

namespace EndToEnd.Tests;

/// <summary>One engine with the plugin DLLs of the drop-in folder, for the tests that need more of it than <see cref="ModelSpeedup"/> shows.</summary>
internal static class Engine
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSpeedup().BuildServiceProvider();

    public static IModelSpeedup Shared => Services.GetRequiredService<IModelSpeedup>();

    /// <summary>An engine that has further handlers, which go before those of the plugins; it loads none anew.</summary>
    public static ServiceProvider With(IEnumerable<IModuleHandler> modules, IEnumerable<IFunctionHandler> functions) =>
        new ServiceCollection()
            .AddSingleton(Services.GetRequiredService<HandlerRegistry>().With(modules, functions))
            .AddSpeedup()
            .BuildServiceProvider();
}
