using System.Text.Json;

namespace Speedup.Core.Plugins;

/// <summary>Refuses plugins whose <c>runtimeconfig.json</c> sends the loader to other folders; all else in that file is ignored.</summary>
internal static class ProbingGuard
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Checks both files that the loader reads.</summary>
    /// <exception cref="PluginFault">It names probing paths.</exception>
    public static void Check(PluginCandidate plugin)
    {
        foreach (string suffix in new[] { ".runtimeconfig.json", ".runtimeconfig.dev.json" })
        {
            string file = Path.ChangeExtension(plugin.Dll, null) + suffix;
            if (File.Exists(file) && !ContentGuard.IsEmpty(file) && NamesProbingPaths(file))
                throw PluginFaults.ProbesOutside(file);
        }
    }

    private static bool NamesProbingPaths(string file)
    {
        using FileStream stream = File.OpenRead(file);
        try
        {
            using var json = JsonDocument.Parse(stream, Lenient);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("runtimeOptions", out JsonElement options)
                && options.ValueKind == JsonValueKind.Object
                && options
                    .EnumerateObject()
                    .Any(property => property.Name.Equals("additionalProbingPaths", StringComparison.OrdinalIgnoreCase));
        }
        catch (JsonException)
        {
            return false; // the loader ignores a file that it cannot read
        }
    }
}
