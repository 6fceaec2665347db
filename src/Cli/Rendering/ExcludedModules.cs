using System.Text.Json;

namespace Speedup.Cli.Rendering;

/// <summary>Module classes of TorchSharp that no plugin handles on purpose, with the reason; from <c>docs/excluded-modules.json</c>.</summary>
internal sealed record ExcludedModules(string Reason, IReadOnlyList<string> Modules)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the list, which is built into the tool.</summary>
    public static IReadOnlyList<ExcludedModules> Read()
    {
        using Stream list = typeof(ExcludedModules).Assembly.GetManifestResourceStream("excluded-modules.json")!;
        return JsonSerializer.Deserialize<ExcludedModules[]>(list, Options)!;
    }
}
