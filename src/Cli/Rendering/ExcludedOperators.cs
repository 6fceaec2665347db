using System.Text.Json;

namespace Speedup.Cli.Rendering;

/// <summary>Modules and functions of TorchSharp that no plugin handles on purpose, with the reason; from <c>docs/excluded-operators.json</c>.</summary>
internal sealed record ExcludedOperators(string Reason, IReadOnlyList<string>? Modules, IReadOnlyList<string>? Functions)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a list, which is built into the tool.</summary>
    public static IReadOnlyList<ExcludedOperators> Read(string file = "excluded-operators.json")
    {
        using Stream list = typeof(ExcludedOperators).Assembly.GetManifestResourceStream(file)!;
        return JsonSerializer.Deserialize<ExcludedOperators[]>(list, Options)!;
    }
}
