using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.Replacement;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>
/// Modules that smaller ones took the place of. A variable, a list or a hook of the caller's may still hold one: it computes what the model no longer does,
/// and training it trains nothing.
/// </summary>
internal static class RetiredModules
{
    /// <summary>Makes each <c>call</c> of one throw. They hold neither the model nor the new modules alive.</summary>
    public static void Guard(ModelTransaction transaction, ModelInventory inventory)
    {
        string model = inventory.Root.GetType().Name;
        foreach ((nn.Module old, nn.Module replacement) in transaction.Swaps)
        {
            if (replacement.modules().Contains(old))
                continue; // it goes on within the new one
            string path = inventory.PathOf(old);
            string type = old.GetType().Name;
            CallHook.TryAdd(old, () => throw Refuse(path, type, model));
        }
    }

    private static SpeedupException Refuse(string path, string type, string model) =>
        new(
            "SPD4004",
            $"This {type} is no longer part of the model: a smaller one took its place in the speedup. Take it from where it is now, '{path}' of the {model}, "
                + "and do not keep layers in variables over a speedup. Where another model shares this layer and is to go on with it, set "
                + "SpeedupOptions.KeepReplacedUsable."
        )
        {
            ModulePath = path,
        };
}
