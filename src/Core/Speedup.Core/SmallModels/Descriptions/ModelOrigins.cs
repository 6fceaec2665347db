using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>
/// What this process knows of small models that nothing in them shows: what they were before, and how modules in native memory were made.
/// </summary>
/// <remarks>
/// Static state that changes, for the reason that <c>BusyModels</c> has it: a save comes long after the speedup, perhaps after another one and by
/// another engine, and nothing can be written on a module of TorchSharp. It holds no module alive.
/// </remarks>
internal static class ModelOrigins
{
    private static readonly ConditionalWeakTable<nn.Module, ModelOrigin> Origins = [];
    private static readonly ConditionalWeakTable<nn.Module, ReplacedModule> Replaced = [];

    /// <summary>The origin of a model; null where it is no small one, as far as this process knows.</summary>
    public static ModelOrigin? Find(nn.Module model) => Origins.TryGetValue(model, out ModelOrigin? origin) ? origin : null;

    /// <summary>
    /// The origin of a model, or of one that holds small ones: a small backbone in a new detector. A model of which nothing is known is its own
    /// origin.
    /// </summary>
    public static ModelOrigin Of(ModelInventory inventory)
    {
        if (Find(inventory.Root) is { } own)
            return own;
        ModelDescription dense = new ModelDescriber().Describe(inventory);
        List<ModelOrigin> parts = [];
        var covered = new List<string>();
        foreach ((string path, nn.Module module) in inventory.Modules)
        {
            if (Find(module) is not { } part || covered.Exists(other => path.StartsWith(other, StringComparison.Ordinal)))
                continue;
            covered.Add(path + ".");
            dense = dense.With(path, part.Dense);
            parts.Add(part with { Kept = part.Kept.ToDictionary(entry => TensorPath.Join(path, entry.Key), entry => entry.Value) });
        }
        return new ModelOrigin(
            dense,
            [.. parts.SelectMany(part => part.Speedups)],
            parts.SelectMany(part => part.Kept).ToDictionary(entry => entry.Key, entry => entry.Value)
        );
    }

    /// <summary>Notes where a model comes from.</summary>
    public static void Note(nn.Module model, ModelOrigin origin) => Origins.AddOrUpdate(model, origin);

    /// <summary>Notes that a module is a replacement, and how it is made again where its fields do not say so.</summary>
    public static void Note(nn.Module replacement, ModuleConstruction? construction) =>
        Replaced.AddOrUpdate(replacement, new ReplacedModule(construction));

    /// <summary>Whether a module is a replacement.</summary>
    public static bool IsReplacement(nn.Module module) => Replaced.TryGetValue(module, out _);

    /// <summary>How a module is made again; null where nobody has said so.</summary>
    public static ModuleConstruction? FindConstruction(nn.Module module) =>
        Replaced.TryGetValue(module, out ReplacedModule? replaced) ? replaced.Construction : null;

    private sealed record ReplacedModule(ModuleConstruction? Construction);
}
