using System.Runtime.Loader;
using Plugins.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Plugins;
using TestModules;

namespace Plugins.Tests.Loading;

/// <summary>Libraries of module classes that plugin and model must mean the same types of.</summary>
public sealed class SharedLibraryTests
{
    [Fact]
    public void Load_LibraryNamed_HandlerIsFoundForTheHostsType()
    {
        using var folder = new PluginFolder("SharesModules");
        Assert.True(File.Exists(Path.Combine(folder.FolderOf("SharesModules"), "TestModules.dll")));

        PluginCatalog catalog = folder.Load();

        Assert.Empty(catalog.Failures);
        Assert.Equal("SharesModules", CatalogAssert.OwnerOf<Doubler>(catalog));
        Assert.Same(typeof(Doubler), Assert.Single(Assert.Single(catalog.Plugins).ModuleTypes));
        Assert.Contains(
            folder.Log.Entries,
            entry => entry.Text.StartsWith("Plugin 'SharesModules' shares 'TestModules", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Load_LibraryNotNamed_IsThePluginsAlone()
    {
        using var folder = new PluginFolder("OwnModules");

        PluginCatalog catalog = folder.Load();

        Assert.Empty(catalog.Failures);
        Assert.Null(CatalogAssert.OwnerOf<Doubler>(catalog));
        Assert.Equal(typeof(Doubler).FullName, Assert.Single(Assert.Single(catalog.Plugins).ModuleTypes).FullName);
    }

    [Fact]
    public void FindNamesake_LibraryNotNamed_TellsOfThePlugin()
    {
        using var folder = new PluginFolder("OwnModules");

        IHandlerSource handlers = CatalogAssert.RegistryOf(folder.Load());

        string? namesake = handlers.FindNamesake(typeof(Doubler));
        Assert.NotNull(namesake);
        Assert.All(
            ["'OwnModules'", typeof(Doubler).FullName!, "TestModules", "SharedWithHost(typeof(Doubler))"],
            part => Assert.Contains(part, namesake, StringComparison.Ordinal)
        );
        Assert.Null(handlers.FindNamesake(typeof(TorchSharp.Modules.Linear)));
    }

    [Fact]
    public void FindNamesake_LibraryNamed_IsNull()
    {
        using var folder = new PluginFolder("SharesModules");

        IHandlerSource handlers = CatalogAssert.RegistryOf(folder.Load());

        Assert.Null(handlers.FindNamesake(typeof(Doubler)));
    }

    /// <summary>The host has 13.0.4, the library and the plugin were built with 12.0.3: what a shared library needs is not shared along.</summary>
    [Fact]
    public void Load_WhatTheLibraryNeeds_StaysPrivate()
    {
        using var folder = new PluginFolder("SharesModules");
        Assert.Equal(13, typeof(Newtonsoft.Json.JsonConvert).Assembly.GetName().Version!.Major);

        folder.Load();

        Assert.Contains(folder.Log.Entries, entry => entry.Text == "SharesModules uses Newtonsoft.Json 12.0.0.0");
    }

    [Fact]
    public void Load_HostHasTheLibraryInAContextOfItsOwn_TheGivenOneIsShared()
    {
        using var folder = new PluginFolder("SharesModules");
        var context = new AssemblyLoadContext("model");
        Type model = context.LoadFromAssemblyPath(typeof(Doubler).Assembly.Location).GetType(typeof(Doubler).FullName!)!;
        Assert.NotSame(typeof(Doubler), model);

        PluginCatalog catalog = folder.Load(options => options.ModelAssemblies.Add(model.Assembly));

        Assert.Empty(catalog.Failures);
        Assert.NotNull(CatalogAssert.RegistryOf(catalog).FindModuleHandler(model));
        Assert.Null(CatalogAssert.OwnerOf<Doubler>(catalog));
    }

    /// <summary>A host without the library can list and check the plugin all the same.</summary>
    [Fact]
    public void Agree_HostLacksTheLibrary_NothingIsShared()
    {
        AgreedAssemblies agreed = new HostLibraries([], new HashSet<string>()).Agree(["Nowhere.To.Be.Found", "TorchSharp"]);

        Assert.Empty(agreed.Assemblies);
    }

    [Fact]
    public void Check_BuiltAgainstANewerLibrary_IsRefused()
    {
        AgreedAssemblies agreed = new HostLibraries([], new HashSet<string>()).Agree(["TestModules"]);
        var metadata = new PluginMetadata(
            "Some",
            "1.0",
            null,
            SpeedupContract.Version,
            new Dictionary<string, Version> { ["TestModules"] = new(99, 0) }
        );

        var fault = Assert.Throws<PluginFault>(() =>
            new PluginCompatibility(HostProfile.Read().Sharing(agreed)).Check(
                new PluginCandidate("Some", AppContext.BaseDirectory),
                metadata
            )
        );

        Assert.Equal("SPD5013", fault.Code);
        Assert.Contains("TestModules 99.0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TypeOfItsOwnNamed_IsRefused()
    {
        using var folder = new PluginFolder("Good", "SharesItself");

        CatalogAssert.OnlyFailed(folder, folder.Load(), "SharesItself", "SPD5029", "Move the module classes");
    }
}
