using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugins.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;

namespace Plugins.Tests.Hosting;

/// <summary>
/// A host without handlers would keep nearly all channels and say nothing: its speedups throw. The model is null here, since handlers come
/// first; an engine that has them, or may do without, then says so.
/// </summary>
public sealed class MissingHandlersTests
{
    [Fact]
    public void Speedup_EmptyFolder_Throws()
    {
        using var folder = new PluginFolder();
        using ServiceProvider host = Host(folder, options => options.Plugins.Directory = folder.Path);

        SpeedupException error = Assert.Throws<SpeedupException>(() => Speed(host));

        Assert.Equal("SPD5030", error.Code);
        Assert.Contains($"there is none in '{folder.Path}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Speedup_EveryPluginFails_NamesTheFirst()
    {
        using var folder = new PluginFolder("NoEntry", "NoHandlers");
        using ServiceProvider host = Host(folder, options => options.Plugins.Directory = folder.Path);

        SpeedupException error = Assert.Throws<SpeedupException>(() => Speed(host));

        Assert.Equal("SPD5030", error.Code);
        Assert.Contains("'NoEntry'", error.Message, StringComparison.Ordinal);
        Assert.Contains("SPD5011", error.Message, StringComparison.Ordinal);
        Assert.Contains("and 1 more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Speedup_NamedFolderMissing_ThrowsAlsoWithHandlersOfTheHost()
    {
        using var folder = new PluginFolder();
        string absent = Path.Combine(folder.Path, "absent");
        using ServiceProvider host = Host(folder, options => options.Plugins.Directory = absent, RegisterOwn);

        SpeedupException error = Assert.Throws<SpeedupException>(() => Speed(host));

        Assert.Equal("SPD5001", error.Code);
        Assert.Contains($"'{absent}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Speedup_HandlerOfTheHost_IsEnough()
    {
        using var folder = new PluginFolder();
        using ServiceProvider host = Host(folder, options => options.Plugins.Directory = folder.Path, RegisterOwn);

        Assert.Throws<ArgumentNullException>("model", () => Speed(host));
    }

    [Fact]
    public void Speedup_RegistryOfTheHost_IsEnoughAndLoadsNothing()
    {
        using var folder = new PluginFolder("Good");
        var registry = new HandlerRegistry([new StubModuleHandler(typeof(Linear))], []);
        using ServiceProvider host = Host(
            folder,
            options => options.Plugins.Directory = folder.Path,
            services => services.AddSingleton(registry)
        );

        Assert.Throws<ArgumentNullException>("model", () => Speed(host));
        Assert.Empty(folder.Log.Entries);
    }

    [Fact]
    public void Speedup_EmptyRegistryOfTheHost_Throws()
    {
        using var folder = new PluginFolder("Good");
        using ServiceProvider host = Host(
            folder,
            options => options.Plugins.Directory = folder.Path,
            services => services.AddSingleton(new HandlerRegistry([], []))
        );

        Assert.Equal("SPD5030", Assert.Throws<SpeedupException>(() => Speed(host)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("absent")]
    public void Speedup_NoneAllowed_GoesOn(string name)
    {
        using var folder = new PluginFolder();
        using ServiceProvider host = Host(
            folder,
            options =>
            {
                options.Plugins.Directory = Path.Combine(folder.Path, name);
                options.Plugins.AllowNone = true;
            }
        );

        Assert.Throws<ArgumentNullException>("model", () => Speed(host));
    }

    private static void Speed(ServiceProvider host) => host.GetRequiredService<IModelSpeedup>().Speedup(null!, [], MaskSet.Empty);

    private static void RegisterOwn(IServiceCollection services) =>
        services.AddSingleton<IModuleHandler>(new StubModuleHandler(typeof(Linear)));

    private static ServiceProvider Host(PluginFolder folder, Action<SpeedupHostOptions> configure, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(folder.Log);
        more?.Invoke(services);
        return services.AddSpeedup(configure).BuildServiceProvider();
    }
}
