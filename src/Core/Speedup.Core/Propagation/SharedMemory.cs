using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Persistence.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Propagation;

/// <summary>
/// Parameters by their memory. Modules that share a parameter (an embedding and the output layer tied to it) may hold different objects
/// of one memory, and a mask of one is a mask of all.
/// </summary>
internal sealed class SharedMemory
{
    private readonly Dictionary<(nint Address, long Elements), Tensor> _first = [];
    private readonly Dictionary<Tensor, Tensor> _masks = new(ReferenceEqualityComparer.Instance);

    /// <summary>Looks at all parameters of a model, and at their masks. What it creates is the caller's dispose scope's.</summary>
    public SharedMemory(ModelInventory inventory, MaskSet masks)
    {
        foreach ((_, nn.Module module) in inventory.Modules)
        foreach ((_, Tensor tensor) in ModelInventory.TensorsOf(module))
        {
            if (KeyOf(tensor) is { } key)
                _first.TryAdd(key, tensor);
        }
        foreach (MaskEntry entry in masks.Entries)
        {
            if (inventory.Find(entry.ModulePath) is { } module)
                AddMask(Of(ModelInventory.TensorsOf(module).First(own => own.Name == entry.Parameter).Tensor), entry.Mask);
        }
    }

    /// <summary>The first object that stands for the memory of a parameter.</summary>
    public Tensor Of(Tensor parameter) => KeyOf(parameter) is { } key ? _first.GetValueOrDefault(key, parameter) : parameter;

    /// <summary>The mask of a parameter, by whatever module it was given; null where there is none that prunes.</summary>
    public Tensor? MaskOf(Tensor parameter) => _masks.GetValueOrDefault(Of(parameter));

    private void AddMask(Tensor parameter, Tensor mask)
    {
        using (var scope = NewDisposeScope())
        {
            if (!MaskBits.AnyZero(MaskBits.Of(mask)) && mask.to(ScalarType.Bool).all().ToBoolean())
                return; // a mask of ones prunes nothing and counts as none
        }
        _masks[parameter] = _masks.TryGetValue(parameter, out Tensor? other) ? other.to(ScalarType.Bool).mul(mask) : mask;
    }

    private static (nint, long)? KeyOf(Tensor tensor) =>
        !tensor.IsInvalid && tensor.numel() > 0 && tensor.is_contiguous() && ModelInventory.AddressOf(tensor) is { } address
            ? (address, tensor.numel())
            : null;
}
