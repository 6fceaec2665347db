using System.Text.Json.Serialization;

namespace Speedup.Core.SmallModels.Recipes;

/// <summary>
/// The call that makes a module: the function of <c>torch.nn</c> that is named as the class, or a constructor of a class that the program that
/// loads knows.
/// </summary>
internal sealed record RecipeCall
{
    /// <summary>Full name of the class.</summary>
    [JsonConverter(typeof(ClassNameConverter))]
    public required string Class { get; init; }

    /// <summary>Arguments by the names of parameters; those that are left out have default values.</summary>
    public required IReadOnlyDictionary<string, RecipeArgument> Arguments { get; init; }

    /// <summary>Parameters and buffers of the module that is made; their values are copied into it.</summary>
    public IReadOnlyDictionary<string, RecipeTensor> Tensors { get; init; } = new Dictionary<string, RecipeTensor>();
}
