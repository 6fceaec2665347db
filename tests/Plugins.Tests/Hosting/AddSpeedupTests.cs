using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Plugins.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using TorchSharp.Modules;

namespace Plugins.Tests.Hosting;

public sealed class AddSpeedupTests
{
    [Fact]
    public void AddSpeedup_PluginDirectory_GivesCatalogAndRegistry()
    {
        using var folder = new PluginFolder("Good", "NoEntry");
        using ServiceProvider host = BuildHost(folder);

        var catalog = host.GetRequiredService<IPluginCatalog>();
        var registry = host.GetRequiredService<HandlerRegistry>();

        Assert.Equal("Good", Assert.Single(catalog.Plugins).Name);
        Assert.Equal("NoEntry", Assert.Single(catalog.Failures).Name);
        Assert.Equal("Good", registry.OwnerOf(registry.FindModuleHandler(typeof(Linear))!));
    }

    [Fact]
    public void AddSpeedup_UsedTwice_LoadsOnceAndLazily()
    {
        using var folder = new PluginFolder("Good");
        using ServiceProvider host = BuildHost(folder);
        Assert.Empty(folder.Log.Entries);

        var registry = host.GetRequiredService<HandlerRegistry>();
        var catalog = host.GetRequiredService<IPluginCatalog>();

        Assert.Same(registry, host.GetRequiredService<HandlerRegistry>());
        Assert.Same(catalog, host.GetRequiredService<IPluginCatalog>());
        Assert.Single(folder.Log.Entries, entry => entry.Text == "Good handler created");
    }

    [Fact]
    public void AddSpeedup_HostRegistersHandlers_TheyWinOverPlugins()
    {
        using var folder = new PluginFolder("Good");
        var own = new StubModuleHandler(typeof(Linear));
        using ServiceProvider host = BuildHost(folder, services => services.AddSingleton<IModuleHandler>(own));

        var registry = host.GetRequiredService<HandlerRegistry>();

        Assert.Same(own, registry.FindModuleHandler(typeof(Linear)));
        Assert.Empty(host.GetRequiredService<IPluginCatalog>().Failures);
    }

    [Fact]
    public void AddSpeedup_RequiredPluginMissing_FirstUseThrows()
    {
        using var folder = new PluginFolder("Good");
        using ServiceProvider host = BuildHost(folder, services => services.AddSpeedup(options => options.Plugins.Required.Add("Absent")));

        Assert.Contains(
            "Absent",
            Assert.Throws<SpeedupException>(host.GetRequiredService<IPluginCatalog>).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AddSpeedup_CalledTwice_OptionsAddUp()
    {
        using var folder = new PluginFolder("Good");
        using ServiceProvider host = BuildHost(
            folder,
            services => services.AddSpeedup(options => options.Defaults = new SpeedupOptions { Strict = true }).AddSpeedup()
        );

        SpeedupHostOptions options = host.GetRequiredService<IOptions<SpeedupHostOptions>>().Value;

        Assert.True(options.Defaults.Strict);
        Assert.Equal(folder.Path, options.Plugins.Directory);
        Assert.Single(host.GetServices<HandlerRegistry>());
    }

    private static ServiceProvider BuildHost(PluginFolder folder, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(folder.Log);
        services.AddSpeedup(options => options.Plugins.Directory = folder.Path);
        more?.Invoke(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }
}
