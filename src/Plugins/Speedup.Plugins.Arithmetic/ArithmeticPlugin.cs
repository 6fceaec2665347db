using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Arithmetic.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Arithmetic.ArithmeticPlugin))]

namespace Speedup.Plugins.Arithmetic;

/// <summary>Registers the handlers of arithmetic on two operands.</summary>
public sealed class ArithmeticPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, AddModuleHandler>()
            .AddSingleton<IModuleHandler, SubModuleHandler>()
            .AddSingleton<IModuleHandler, MulModuleHandler>()
            .AddSingleton<IModuleHandler, DivModuleHandler>()
            .AddSingleton<IFunctionHandler, AddHandler>()
            .AddSingleton<IFunctionHandler, SubtractHandler>()
            .AddSingleton<IFunctionHandler, MultiplyHandler>()
            .AddSingleton<IFunctionHandler, DivideHandler>()
            .AddSingleton<IFunctionHandler, ExtremumHandler>()
            .AddSingleton<IFunctionHandler, LargestHandler>()
            .AddSingleton<IFunctionHandler, SmoothPairHandler>()
            .AddSingleton<IFunctionHandler, RemainderHandler>()
            .AddSingleton<IFunctionHandler, BlendHandler>()
            .AddSingleton<IFunctionHandler, ComparisonHandler>()
            .AddSingleton<IOnnxOperator, ArithmeticFunctions>()
            .AddSingleton<IOnnxOperator, BlendFunctions>()
            .AddSingleton<IOnnxOperator, ClampFunctions>()
            .AddSingleton<IOnnxOperator, ComparisonFunctions>()
            .AddSingleton<IOnnxOperator, DivisionFunctions>()
            .AddSingleton<IOnnxOperator, ExtremumFunctions>()
            .AddSingleton<IOnnxOperator, PairFunctions>()
            .AddSingleton<IOnnxOperator, RemainderFunctions>();
}
