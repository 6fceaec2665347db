using System.Text.Json;
using System.Text.Json.Serialization;

namespace Speedup.Core.SmallModels.Recipes;

/// <summary>Recipes as JSON.</summary>
internal static class RecipeJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes a recipe.</summary>
    public static string Write(Recipe recipe) => JsonSerializer.Serialize(recipe, Options);

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Recipe Read(string json) =>
        JsonSerializer.Deserialize<Recipe>(json, Options) ?? throw new JsonException("The recipe is null.");
}
