using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Plugins.Activation;
using Speedup.Plugins.Arithmetic;
using Speedup.Plugins.Attention;
using Speedup.Plugins.BatchNorm;
using Speedup.Plugins.Convolution;
using Speedup.Plugins.Embedding;
using Speedup.Plugins.Linear;
using Speedup.Plugins.Normalization;
using Speedup.Plugins.Pooling;
using Speedup.Plugins.Recurrent;
using Speedup.Plugins.Resampling;
using Speedup.Plugins.Shape;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>The handlers of all plugins, by what they are for.</summary>
internal static class Handlers
{
    private static readonly ServiceProvider Services = Register();

    public static IModuleHandler For(Type moduleType) =>
        Services.GetServices<IModuleHandler>().Single(handler => handler.ModuleTypes.Contains(moduleType));

    public static IFunctionHandler For(FunctionKey function) =>
        Services.GetServices<IFunctionHandler>().Single(handler => handler.Functions.Contains(function));

    public static IEnumerable<IFunctionHandler> AllFunctions => Services.GetServices<IFunctionHandler>();

    private static ServiceProvider Register()
    {
        ISpeedupPlugin[] plugins =
        [
            new ActivationPlugin(),
            new ArithmeticPlugin(),
            new AttentionPlugin(),
            new BatchNormPlugin(),
            new ConvolutionPlugin(),
            new EmbeddingPlugin(),
            new LinearPlugin(),
            new NormalizationPlugin(),
            new PoolingPlugin(),
            new RecurrentPlugin(),
            new ResamplingPlugin(),
            new ShapePlugin(),
        ];
        var services = new ServiceCollection();
        foreach (ISpeedupPlugin plugin in plugins)
            plugin.ConfigureServices(services);
        return services.BuildServiceProvider();
    }
}
