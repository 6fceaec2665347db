using System.Text.Json;

namespace Speedup.Core.SmallModels.Recipes;

/// <summary>An argument: at most one of these, and null where it is none.</summary>
internal sealed record RecipeArgument
{
    /// <summary>A plain value.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>A tensor in the file.</summary>
    public string? Tensor { get; init; }

    /// <summary>Tensors in the file, by name in a dictionary.</summary>
    public IReadOnlyDictionary<string, string>? Tensors { get; init; }

    /// <summary>A module that is made for the call.</summary>
    public RecipeCall? Call { get; init; }

    /// <summary>Whether it is the dense model's module at this place, after its changes.</summary>
    public bool Dense { get; init; }
}
