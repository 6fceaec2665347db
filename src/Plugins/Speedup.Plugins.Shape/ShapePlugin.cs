using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Shape.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Shape.ShapePlugin))]

namespace Speedup.Plugins.Shape;

/// <summary>Registers the handlers of operators that move elements without changing them.</summary>
public sealed class ShapePlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services)
    {
        AddHandlers(services);
        AddOnnxOperators(services);
    }

    private static void AddHandlers(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, FlattenHandler>()
            .AddSingleton<IModuleHandler, UnflattenHandler>()
            .AddSingleton<IModuleHandler, CatModuleHandler>()
            .AddSingleton<IModuleHandler, StackModuleHandler>()
            .AddSingleton<IModuleHandler, ChunkModuleHandler>()
            .AddSingleton<IModuleHandler, SplitModuleHandler>()
            .AddSingleton<IModuleHandler, SliceModuleHandler>()
            .AddSingleton<IModuleHandler, ViewModuleHandler>()
            .AddSingleton<IModuleHandler, ReshapeModuleHandler>()
            .AddSingleton<IModuleHandler, PermuteModuleHandler>()
            .AddSingleton<IModuleHandler, TransposeModuleHandler>()
            .AddSingleton<IModuleHandler, SqueezeModuleHandler>()
            .AddSingleton<IModuleHandler, UnsqueezeModuleHandler>()
            .AddSingleton<IFunctionHandler, ReshapeHandler>()
            .AddSingleton<IFunctionHandler, PermuteHandler>()
            .AddSingleton<IFunctionHandler, CopyHandler>()
            .AddSingleton<IFunctionHandler, CastHandler>()
            .AddSingleton<IFunctionHandler, FillHandler>()
            .AddSingleton<IFunctionHandler, TakeHandler>()
            .AddSingleton<IFunctionHandler, ExpandHandler>()
            .AddSingleton<IFunctionHandler, ExpandAsHandler>()
            .AddSingleton<IFunctionHandler, RepeatHandler>()
            .AddSingleton<IFunctionHandler, RepeatInterleaveHandler>()
            .AddSingleton<IFunctionHandler, FlipHandler>()
            .AddSingleton<IFunctionHandler, AlongAxisHandler>()
            .AddSingleton<IFunctionHandler, NarrowHandler>()
            .AddSingleton<IFunctionHandler, SelectHandler>()
            .AddSingleton<IFunctionHandler, SplitHandler>()
            .AddSingleton<IFunctionHandler, JoinHandler>()
            .AddSingleton<IFunctionHandler, IndexHandler>();

    private static void AddOnnxOperators(IServiceCollection services) =>
        services
            .AddSingleton<IOnnxOperator, AxisFunctions>()
            .AddSingleton<IOnnxOperator, CopyFunctions>()
            .AddSingleton<IOnnxOperator, ExpandFunctions>()
            .AddSingleton<IOnnxOperator, FillFunctions>()
            .AddSingleton<IOnnxOperator, IndexFunctions>()
            .AddSingleton<IOnnxOperator, JoinFunctions>()
            .AddSingleton<IOnnxOperator, OrderFunctions>()
            .AddSingleton<IOnnxOperator, RepeatFunctions>()
            .AddSingleton<IOnnxOperator, ReshapeFunctions>()
            .AddSingleton<IOnnxOperator, SortFunctions>()
            .AddSingleton<IOnnxOperator, SplitFunctions>()
            .AddSingleton<IOnnxOperator, StretchFunctions>()
            .AddSingleton<IOnnxOperator, TakeFunctions>();
}
