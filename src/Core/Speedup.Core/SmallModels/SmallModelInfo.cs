using Speedup.Core.Reporting;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Persistence;

namespace Speedup.Core.SmallModels;

/// <summary>What is in a file with a small model. Plain values.</summary>
public sealed record SmallModelInfo
{
    /// <summary>Full name of the model's class.</summary>
    public required string Class { get; init; }

    /// <summary>What wrote the file, with its version.</summary>
    public required string Writer { get; init; }

    /// <summary>The version of TorchSharp in the writing process.</summary>
    public required string TorchSharp { get; init; }

    /// <summary>Figures of the speedups, in order.</summary>
    public required IReadOnlyList<SpeedupFigures> Speedups { get; init; }

    /// <summary>Modules that differ from the dense model's.</summary>
    public required IReadOnlyList<SavedModule> Changed { get; init; }

    /// <summary>Number of all modules.</summary>
    public required int Modules { get; init; }

    /// <summary>Number of tensors in the file.</summary>
    public required int Tensors { get; init; }

    /// <summary>Number of their elements.</summary>
    public required long Elements { get; init; }

    internal static SmallModelInfo Of(Recipe recipe, StateDict content) =>
        new()
        {
            Class = recipe.Modules[0].Class,
            Writer = recipe.Writer,
            TorchSharp = recipe.TorchSharp,
            Speedups = recipe.Speedups,
            Changed = [.. recipe.Modules.Where(module => !module.Gone).Select(SavedModule.Find).OfType<SavedModule>()],
            Modules = recipe.Modules.Count,
            Tensors = content.Count,
            Elements = content.Sum(entry => entry.Value.NumberOfElements),
        };
}
