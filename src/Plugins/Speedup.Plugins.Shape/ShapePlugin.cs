using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Shape.ShapePlugin))]

namespace Speedup.Plugins.Shape;

/// <summary>Registers the handlers of operators that move elements without changing them.</summary>
public sealed class ShapePlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, FlattenHandler>()
            .AddSingleton<IModuleHandler, UnflattenHandler>()
            .AddSingleton<IFunctionHandler, ReshapeHandler>()
            .AddSingleton<IFunctionHandler, PermuteHandler>()
            .AddSingleton<IFunctionHandler, CopyHandler>()
            .AddSingleton<IFunctionHandler, ExpandHandler>()
            .AddSingleton<IFunctionHandler, NarrowHandler>()
            .AddSingleton<IFunctionHandler, SelectHandler>()
            .AddSingleton<IFunctionHandler, SplitHandler>()
            .AddSingleton<IFunctionHandler, JoinHandler>()
            .AddSingleton<IFunctionHandler, IndexHandler>();
}
