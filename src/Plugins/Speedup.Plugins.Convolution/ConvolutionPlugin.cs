using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Convolution.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Convolution.ConvolutionPlugin))]

namespace Speedup.Plugins.Convolution;

/// <summary>Registers the handlers of convolutions and transposed convolutions.</summary>
public sealed class ConvolutionPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, ConvolutionHandler>()
            .AddSingleton<IModuleHandler, TransposedConvolutionHandler>()
            .AddSingleton<IOnnxOperator, ConvolutionOperator>();
}
