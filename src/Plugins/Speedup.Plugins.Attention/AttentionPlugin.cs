using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Attention.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Attention.AttentionPlugin))]

namespace Speedup.Plugins.Attention;

/// <summary>Registers the handlers of attention and of what it is written with: products of matrices, masks.</summary>
public sealed class AttentionPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, AttentionModuleHandler>()
            .AddSingleton<IModuleHandler, MatMulModuleHandler>()
            .AddSingleton<IModuleHandler, ScaledAttentionModuleHandler>()
            .AddSingleton<IModuleHandler, TransformerHandler>()
            .AddSingleton<IFunctionHandler, MatrixProductHandler>()
            .AddSingleton<IFunctionHandler, AddedProductHandler>()
            .AddSingleton<IFunctionHandler, ConvolutionFunctionHandler>()
            .AddSingleton<IFunctionHandler, EinsumHandler>()
            .AddSingleton<IFunctionHandler, BilinearFunctionHandler>()
            .AddSingleton<IFunctionHandler, ScaledAttentionHandler>()
            .AddSingleton<IFunctionHandler, ChoiceHandler>()
            .AddSingleton<IFunctionHandler, TriangleHandler>()
            .AddSingleton<IOnnxOperator, AddedProductFunctions>()
            .AddSingleton<IOnnxOperator, ChoiceFunctions>()
            .AddSingleton<IOnnxOperator, EinsumOperator>()
            .AddSingleton<IOnnxOperator, MultiheadOperator>()
            .AddSingleton<IOnnxOperator, ProductFunctions>()
            .AddSingleton<IOnnxOperator, ScaledAttentionOperator>()
            .AddSingleton<IOnnxOperator, TransformerOperator>();
}
