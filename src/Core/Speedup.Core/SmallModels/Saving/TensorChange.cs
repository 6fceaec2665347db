using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.SmallModels.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Saving;

/// <summary>Writes down what becomes of the tensors of a module that stays of its class.</summary>
internal sealed class TensorChange(
    SavedTensors saved,
    IReadOnlyDictionary<string, IReadOnlyDictionary<int, IReadOnlyList<long>>> kept,
    List<string> reasons
)
{
    /// <summary>The tensors of the dense module with what becomes of them, and those that it gets.</summary>
    /// <param name="dense">The dense module's.</param>
    /// <param name="module">The small module.</param>
    /// <param name="path">Where the small module is.</param>
    /// <param name="densePath">Where the dense module is.</param>
    public IReadOnlyDictionary<string, RecipeTensor> Describe(
        IReadOnlyDictionary<string, RecipeTensor> dense,
        nn.Module module,
        string path,
        string densePath
    )
    {
        var all = new Dictionary<string, RecipeTensor>(dense, StringComparer.Ordinal);
        var lost = new HashSet<string>(dense.Keys, StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in ModelInventory.TensorsOf(module))
        {
            string stored = saved.NameOf(TensorPath.Join(path, name));
            lost.Remove(name);
            all[name] = dense.TryGetValue(name, out RecipeTensor? before)
                ? Change(before, tensor, stored, TensorPath.Join(densePath, name))
                : Add(module, tensor, stored);
        }
        reasons.AddRange(lost.Select(name => $"'{TensorPath.Join(path, name)}' is no longer in the model."));
        return all;
    }

    private RecipeTensor Change(RecipeTensor before, Tensor tensor, string stored, string densePath)
    {
        if (tensor.dtype != before.Type)
            reasons.Add(
                $"'{densePath}' is {tensor.dtype}, and was {before.Type} before the speedup: convert the model back, or the dense one before."
            );
        if (tensor.shape.AsSpan().SequenceEqual(before.Dense))
            return before with { Stored = stored };
        bool fits =
            kept.TryGetValue(densePath, out IReadOnlyDictionary<int, IReadOnlyList<long>>? axes)
            && axes.All(axis => axis.Key < tensor.shape.Length && tensor.shape[axis.Key] == axis.Value.Count);
        return before with { Small = tensor.shape, Stored = stored, Kept = fits ? axes : null };
    }

    private static RecipeTensor Add(nn.Module module, Tensor tensor, string stored) =>
        new()
        {
            Type = tensor.dtype,
            Small = tensor.shape,
            Stored = stored,
            Field = SettingFields.FindHolder(module, tensor)?.Name,
            IsParameter = tensor is Parameter,
        };
}
