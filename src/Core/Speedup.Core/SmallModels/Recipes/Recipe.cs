using Speedup.Core.Reporting;

namespace Speedup.Core.SmallModels.Recipes;

/// <summary>What makes a small model of a dense one: the JSON in a <c>.speedup</c> file. docs/small-models.md describes it.</summary>
internal sealed record Recipe
{
    /// <summary>Version of the format that is written, and the only one that is read.</summary>
    public const int Version = 1;

    /// <summary>What wrote the file, with its version.</summary>
    public required string Writer { get; init; }

    /// <summary>The version of TorchSharp in the writing process.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>Figures of the speedups, in order.</summary>
    public required IReadOnlyList<SpeedupFigures> Speedups { get; init; }

    /// <summary>All modules of the dense model, the model itself first.</summary>
    public required IReadOnlyList<RecipeModule> Modules { get; init; }

    /// <summary>Tensors in fields that are neither parameter nor buffer, by place.</summary>
    public IReadOnlyDictionary<string, RecipeTensor> Held { get; init; } = new Dictionary<string, RecipeTensor>();
}
