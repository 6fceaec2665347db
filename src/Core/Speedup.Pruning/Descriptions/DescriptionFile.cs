using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Speedup.Persistence;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Pipeline;

namespace Speedup.Pruning.Descriptions;

/// <summary>
/// Reads pipelines and lists of rules from JSON. Members that are unknown, missing, doubled or of another type are errors with their place. Nothing of a file is
/// run; methods that it names are for the host to find.
/// </summary>
public static class DescriptionFile
{
    /// <summary>A description of a few hundred stages stays far below.</summary>
    private const long MaxLength = 4 << 20;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowOutOfOrderMetadataProperties = true,
        WriteIndented = true,
        RespectNullableAnnotations = false, // null is what is left out
    };

    /// <summary>Reads a pipeline.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="PipelineException">It is no description (SPD9230); the message has the line.</exception>
    /// <exception cref="PersistenceException">It cannot be read.</exception>
    public static PipelineDescription LoadPipeline(string path) => Load<PipelineDescription>(path, "no description of a pipeline");

    /// <summary>Reads a list of rules, as the option <c>--rules</c> takes it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The rules.</returns>
    /// <exception cref="PipelineException">It is no such list (SPD9230); the message has the line.</exception>
    /// <exception cref="PersistenceException">It cannot be read.</exception>
    public static IReadOnlyList<PruningRule> LoadRules(string path) => Load<IReadOnlyList<PruningRule>>(path, "no list of pruning rules");

    /// <summary>The JSON schema of a pipeline, for editors.</summary>
    public static string PipelineSchema()
    {
        JsonNode schema = Options.GetJsonSchemaAsNode(
            typeof(PipelineDescription),
            new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (_, node) => InCamelCase(node) }
        );
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "A pipeline of Speedup.Framework",
        };
        foreach ((string name, JsonNode? value) in schema.AsObject().ToArray())
            root[name] = value?.DeepClone();
        return root.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>Names of enumerations as documents have them; reading takes any case.</summary>
    private static JsonNode InCamelCase(JsonNode node)
    {
        if (node is not JsonObject schema || schema["enum"] is not JsonArray names)
            return node;
        var inCamelCase = new JsonArray();
        foreach (JsonNode? name in names)
            inCamelCase.Add(name is null ? null : JsonNamingPolicy.CamelCase.ConvertName(name.GetValue<string>()));
        schema["enum"] = inCamelCase;
        return node;
    }

    private static T Load<T>(string path, string fault)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        if (stream.Length > MaxLength)
            throw Bad(path, fault, $"it is longer than {MaxLength >> 20} MB", null);
        try
        {
            return JsonSerializer.Deserialize<T>(stream, Options) ?? throw Bad(path, fault, "it is null", null);
        }
        catch (JsonException cause)
        {
            string place = cause.LineNumber is { } line
                ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, byte {cause.BytePositionInLine + 1}, at {cause.Path}: ")
                : "";
            throw Bad(path, fault, place + cause.Message.Split(" Path: ")[0].TrimEnd('.'), cause);
        }
        catch (NotSupportedException cause)
        {
            throw Bad(path, fault, cause.Message.Split(" Path: ")[0].TrimEnd('.'), cause);
        }
    }

    private static PipelineException Bad(string path, string fault, string reason, Exception? cause) =>
        new(DescriptionCodes.BadFile, $"'{path}' is {fault}: {reason}. docs/pipeline.md lists what can be there.", cause);
}
