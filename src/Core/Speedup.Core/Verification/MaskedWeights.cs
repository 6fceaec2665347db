using Speedup.Core.Models;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>Multiplies the masks into a model's parameters while it lives, and puts back every bit when disposed.</summary>
internal sealed class MaskedWeights : IDisposable
{
    private readonly List<(Tensor Parameter, StoredTensor Backup)> _backups = [];
    private readonly TensorStore _store;

    /// <summary>Masks a model that the masks were validated against.</summary>
    /// <param name="inventory">The model.</param>
    /// <param name="masks">Its masks.</param>
    /// <param name="store">Where copies of the parameters go; it must live longer.</param>
    public MaskedWeights(ModelInventory inventory, MaskSet masks, TensorStore store)
    {
        _store = store;
        using var _ = no_grad();
        foreach (MaskEntry entry in masks.Entries)
        {
            nn.Module module = inventory.Find(entry.ModulePath)!;
            Tensor parameter = ModelInventory.TensorsOf(module).First(own => own.Name == entry.Parameter).Tensor;
            _backups.Add((parameter, store.Save(parameter)));
            using Tensor mask = entry.Mask.to(parameter.dtype, parameter.device);
            parameter.mul_(mask);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var _ = no_grad();
        foreach ((Tensor parameter, StoredTensor backup) in Enumerable.Reverse(_backups))
        {
            _store.Restore(parameter, backup);
            _store.Release(backup);
        }
        _backups.Clear();
    }
}
