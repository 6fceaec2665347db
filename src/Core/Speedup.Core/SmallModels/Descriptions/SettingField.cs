using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>A field of a module that holds a plain value: a truth, number, text, value of an enumeration, or a tuple, array or list of these.</summary>
/// <param name="Name">Its name, as the property's where it belongs to one.</param>
/// <param name="Field">The field.</param>
/// <param name="IsState">Whether code outside of constructors writes it, so that it says nothing of how the module was made.</param>
internal sealed record SettingField(string Name, FieldInfo Field, bool IsState)
{
    private const int LongestText = 4096;
    private const string Digest = "sha256:";

    private static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true, // of tuples
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The value as JSON; of a long one a digest.</summary>
    public JsonElement Read(object owner)
    {
        object? value = Field.GetValue(owner);
        if (value is IEnumerable items and not string && Field.FieldType.IsInterface)
            value = PlainTypes.ToArray(items, Field.FieldType);
        JsonElement json = JsonSerializer.SerializeToElement(value, PlainTypes.Stored(Field.FieldType), Options);
        string text = json.GetRawText();
        return text.Length <= LongestText
            ? json
            : JsonSerializer.SerializeToElement(Digest + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>The value that JSON stands for.</summary>
    /// <exception cref="JsonException">It stands for none of the field's type.</exception>
    public object? Parse(JsonElement json) => json.Deserialize(PlainTypes.Stored(Field.FieldType), Options);

    /// <summary>Whether JSON is the digest of a long value, which cannot be made of it.</summary>
    public static bool IsDigest(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.GetString()!.StartsWith(Digest, StringComparison.Ordinal);
}
