using System.Text.Json;
using System.Text.Json.Serialization;

namespace Speedup.Core.SmallModels.Recipes;

/// <summary>A module of the dense model, and what becomes of it.</summary>
internal sealed record RecipeModule
{
    /// <summary>Where it is in the dense model; empty for the model itself.</summary>
    public required string Path { get; init; }

    /// <summary>Full name of its class.</summary>
    [JsonConverter(typeof(ClassNameConverter))]
    public required string Class { get; init; }

    /// <summary>Plain values in the dense module's fields.</summary>
    public IReadOnlyDictionary<string, JsonElement> Settings { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Names of the settings that code writes after construction: they are set, and not compared.</summary>
    public IReadOnlyList<string> State { get; init; } = [];

    /// <summary>Values of the settings that are others in the small module.</summary>
    public IReadOnlyDictionary<string, JsonElement> Changed { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Parameters and buffers.</summary>
    public IReadOnlyDictionary<string, RecipeTensor> Tensors { get; init; } = new Dictionary<string, RecipeTensor>();

    /// <summary>How the module that takes its place is made; null where it stays the dense model's object.</summary>
    public RecipeCall? Call { get; init; }

    /// <summary>Whether it goes, with the module around it that another one takes the place of.</summary>
    public bool Gone { get; init; }
}
