using System.Text.Json;
using System.Text.Json.Serialization;
using Speedup.Modules.Pruned;

namespace Speedup.Core.SmallModels.Recipes;

/// <summary>Names of classes. One that a class of this framework had once is read as the name that it has now, and never written.</summary>
internal sealed class ClassNameConverter : JsonConverter<string>
{
    private const string FormerNamespace = "Speedup.Abstractions.";

    /// <summary>The classes that were in <c>Speedup.Abstractions</c> before they were in <c>Speedup.Modules</c>.</summary>
    private static readonly Dictionary<string, string> CurrentNames = new Type[]
    {
        typeof(PrunedMultiheadAttention),
        typeof(PrunedTransformer),
        typeof(PrunedTransformerDecoder),
        typeof(PrunedTransformerDecoderLayer),
        typeof(PrunedTransformerEncoder),
        typeof(PrunedTransformerEncoderLayer),
        typeof(ScatteredOutput),
    }.ToDictionary(type => FormerNamespace + type.Name, type => type.ToString(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } name ? CurrentNames.GetValueOrDefault(name, name) : null;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
