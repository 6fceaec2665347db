using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;
using Speedup.Modules;
using TorchSharp;
using Xunit;

namespace Plugins.Handlers.Tests;

/// <summary>Every module class and function of TorchSharp's <c>nn</c> is handled by a plugin of this repository, or excluded with a reason.</summary>
public sealed partial class CoverageTests
{
    [Fact]
    public void ModuleClasses_OfTorchSharp_AreHandledOrExcluded()
    {
        using ServiceProvider services = LoadPlugins();
        HashSet<Type> handled = [.. services.GetRequiredService<IPluginCatalog>().Plugins.SelectMany(plugin => plugin.ModuleTypes)];
        HashSet<string> excluded = [.. Excluded("modules")];

        string[] forgotten = [.. ModuleClasses().Where(type => !IsHandled(type, handled)).Select(NameOf).Distinct().Except(excluded)];

        Assert.True(handled.Count > 80, $"{handled.Count} classes are handled");
        Assert.True(
            forgotten.Length == 0,
            $"No plugin handles {string.Join(", ", forgotten)}. Write a handler, or a reason into docs/excluded-operators.json."
        );
    }

    [Fact]
    public void ModuleClasses_OfOurOwn_AreHandledAndHaveNamesOfTheirOwn()
    {
        using ServiceProvider services = LoadPlugins();
        HashSet<Type> handled = [.. services.GetRequiredService<IPluginCatalog>().Plugins.SelectMany(plugin => plugin.ModuleTypes)];
        HashSet<string> names = [.. typeof(torch).Assembly.GetExportedTypes().Select(type => type.Name)];
        Type[] modules =
        [
            .. typeof(Add).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.Namespace == typeof(Add).Namespace),
        ];

        Assert.True(modules.Length >= 22, $"{modules.Length} classes");
        Assert.All(modules, type => Assert.True(typeof(torch.nn.Module).IsAssignableFrom(type), $"{type} is no module"));
        Assert.All(modules, type => Assert.True(IsHandled(type, handled), $"no plugin handles {type}"));
        Assert.All(modules, type => Assert.False(names.Contains(type.Name), $"{type} has the name of a class of TorchSharp"));
    }

    [Fact]
    public void Functions_OfNn_AreHandledOrExcluded()
    {
        using ServiceProvider services = LoadPlugins();
        IEnumerable<FunctionKey> keys = services.GetRequiredService<IPluginCatalog>().Plugins.SelectMany(plugin => plugin.Functions);
        HashSet<string> handled = [.. keys.Where(key => key.DeclaringType == typeof(torch.nn.functional)).Select(key => key.Name)];
        string[] functions =
        [
            .. typeof(torch.nn.functional).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Distinct(),
        ];

        string[] forgotten = [.. functions.Except(handled).Except(Excluded("functions"))];

        Assert.True(forgotten.Length == 0, $"No plugin handles {string.Join(", ", forgotten)}.");
        Assert.All(Excluded("functions"), name => Assert.Contains(name, functions));
    }

    [Fact]
    public void Exclusions_NameClassesThatExistAndThatNobodyHandles()
    {
        using ServiceProvider services = LoadPlugins();
        HashSet<Type> handled = [.. services.GetRequiredService<IPluginCatalog>().Plugins.SelectMany(plugin => plugin.ModuleTypes)];
        ILookup<string, Type> classes = ModuleClasses().ToLookup(NameOf);

        Assert.All(Excluded("modules"), name => Assert.NotEmpty(classes[name]));
        Assert.All(
            Excluded("modules").SelectMany(name => classes[name]),
            type => Assert.False(IsHandled(type, handled), $"{type} is handled")
        );
        Assert.Equal(Excluded("modules").Count(), Excluded("modules").Distinct().Count());
    }

    [Fact]
    public void PluginFolders_OfThisRepository_LoadWithoutFailures()
    {
        using ServiceProvider services = LoadPlugins();
        IPluginCatalog catalog = services.GetRequiredService<IPluginCatalog>();

        Assert.Empty(catalog.Failures);
        Assert.Equal(
            Directory.EnumerateDirectories(Repository.PathOf("src", "Plugins")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            catalog.Plugins.Select(plugin => plugin.Name)
        );
    }

    private static IEnumerable<Type> ModuleClasses() =>
        typeof(torch).Assembly.GetExportedTypes().Where(type => typeof(torch.nn.Module).IsAssignableFrom(type) && !type.IsAbstract);

    /// <summary>As the engine looks for a handler: the class itself or a base class.</summary>
    private static bool IsHandled(Type type, HashSet<Type> handled)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            if (handled.Contains(at) || (at.IsGenericType && handled.Contains(at.GetGenericTypeDefinition())))
                return true;
        }
        return false;
    }

    private static IEnumerable<string> Excluded(string kind)
    {
        using JsonDocument list = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs", "excluded-operators.json")));
        foreach (JsonElement group in list.RootElement.EnumerateArray())
        {
            Assert.NotEmpty(group.GetProperty("reason").GetString()!);
            foreach (JsonElement name in group.TryGetProperty(kind, out JsonElement names) ? names.EnumerateArray() : [])
                yield return name.GetString()!;
        }
    }

    /// <summary><c>Conv2d</c>, <c>jit.ScriptModule</c>: without namespace and type parameters.</summary>
    private static string NameOf(Type type) =>
        Arity()
            .Replace(type.FullName!.Replace("TorchSharp.Modules.", "").Replace("TorchSharp.torch+", "").Replace('+', '.'), "")
            .Replace("nn.", "");

    private static ServiceProvider LoadPlugins() =>
        new ServiceCollection().AddSpeedup(options => options.Plugins.Directory = Repository.Plugins).BuildServiceProvider();

    [GeneratedRegex("`[0-9]+")]
    private static partial Regex Arity();
}
