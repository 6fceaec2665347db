using System.Text.Json;

namespace Sdk.Tests.Support;

/// <summary>The <c>speedup</c> tool, in a process of its own.</summary>
internal static class Tool
{
    /// <summary>Runs a command and parses what it prints.</summary>
    public static JsonElement ReadJson(params string[] arguments)
    {
        CommandRun run = CommandRun.Of(
            Repository.Root,
            [Repository.OutputOf(Path.Combine("src", "Cli"), "speedup"), .. arguments, "--json"]
        );
        Assert.True(run.Output.StartsWith('{'), run.Text);
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }

    /// <summary>The entry of a plugin in the output of <c>speedup plugins</c>.</summary>
    public static JsonElement Plugin(JsonElement catalog, string name) =>
        catalog.GetProperty("plugins").EnumerateArray().Single(plugin => plugin.GetProperty("name").GetString() == name);

    /// <summary>The strings of an array.</summary>
    public static string[] Strings(JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
}
