using Speedup.Core.Masks;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>Multiplies the masks into a model's parameters while it lives, and puts back every bit when disposed.</summary>
internal sealed class MaskedWeights : IDisposable
{
    private readonly List<(Tensor Parameter, Tensor Backup)> _backups = [];

    /// <summary>Masks a model that the masks were validated against.</summary>
    public MaskedWeights(ModelInventory inventory, MaskSet masks)
    {
        using var _ = no_grad();
        foreach (MaskEntry entry in masks.Entries)
        {
            nn.Module module = inventory.Find(entry.ModulePath)!;
            Tensor parameter = ModelInventory.TensorsOf(module).First(own => own.Name == entry.Parameter).Tensor;
            _backups.Add((parameter, parameter.detach().clone().DetachFromDisposeScope()));
            using Tensor mask = entry.Mask.to(parameter.dtype, parameter.device);
            parameter.mul_(mask);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var _ = no_grad();
        foreach ((Tensor parameter, Tensor backup) in Enumerable.Reverse(_backups))
        {
            parameter.copy_(backup);
            backup.Dispose();
        }
        _backups.Clear();
    }
}
