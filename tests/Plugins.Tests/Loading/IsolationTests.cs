using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Plugins.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>What is shared between plugins and host, and what is not.</summary>
public sealed class IsolationTests
{
    [Fact]
    public void Load_ConflictingPrivateDependencies_EachHasItsOwn()
    {
        using var folder = new PluginFolder("JsonOld", "JsonNew");

        PluginCatalog catalog = folder.Load();

        Assert.Empty(catalog.Failures);
        string[] texts = [.. folder.Log.Entries.Select(entry => entry.Text)];
        Assert.Contains("""JsonOld writes {"a":1} with Newtonsoft.Json 12.0.0.0""", texts);
        Assert.Contains("""JsonNew writes {"a":1} with Newtonsoft.Json 13.0.0.0""", texts);
    }

    [Fact]
    public void Load_GoodPlugin_SharesTheHostsTypes()
    {
        using var folder = new PluginFolder("Good");

        HandlerRegistry registry = CatalogAssert.RegistryOf(folder.Load());

        IModuleHandler handler = registry.FindModuleHandler(typeof(TorchSharp.Modules.Linear))!;
        Assert.Equal("Good.GoodHandler", handler.GetType().FullName);
        Assert.Equal(folder.DllOf("Good"), handler.GetType().Assembly.Location);
        Assert.Same(typeof(IModuleHandler), handler.GetType().GetInterface(nameof(IModuleHandler)));
        Assert.Contains(folder.Log.Entries, entry => entry.Text == "Good handler created");
    }

    /// <summary>
    /// The check of references stops such a plugin; but the references of a plugin's private libraries are not checked, so the
    /// load context must hold, too. Without it the private copy in the folder loads, and the entry class is of no known type.
    /// </summary>
    [Fact]
    public void CreateEntry_BuiltAgainstNewerSharedAssembly_BindsToTheHosts()
    {
        using var folder = new PluginFolder("NewerShared");
        Assert.True(File.Exists(Path.Combine(folder.FolderOf("NewerShared"), "Microsoft.Extensions.DependencyInjection.Abstractions.dll")));
        var services = new ServiceCollection();

        ISpeedupPlugin entry = new PluginAssembly().CreateEntry(
            new PluginCandidate("NewerShared", folder.FolderOf("NewerShared")),
            AgreedAssemblies.None
        );
        entry.ConfigureServices(services);

        Assert.Equal(typeof(IModuleHandler), Assert.Single(services).ServiceType);
    }

    /// <summary>What decision 1 says: a context of its own, which is never unloaded, since any model with a module of the plugin would pin it.</summary>
    [Fact]
    public void Load_Plugin_HasAContextOfItsOwnThatCannotBeUnloaded()
    {
        using var folder = new PluginFolder("Good", "AlphaConv");
        HandlerRegistry registry = CatalogAssert.RegistryOf(folder.Load());

        AssemblyLoadContext[] contexts =
        [
            .. new[] { typeof(TorchSharp.Modules.Linear), typeof(TorchSharp.Modules.Conv2d) }.Select(type =>
                AssemblyLoadContext.GetLoadContext(registry.FindModuleHandler(type)!.GetType().Assembly)!
            ),
        ];

        Assert.NotSame(contexts[0], contexts[1]);
        Assert.All(contexts, context => Assert.NotSame(AssemblyLoadContext.Default, context));
        Assert.All(contexts, context => Assert.False(context.IsCollectible));
    }
}
