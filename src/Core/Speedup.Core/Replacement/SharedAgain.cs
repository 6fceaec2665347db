using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Replacement;

/// <summary>
/// Makes smaller modules share what their originals shared: an embedding and the output layer tied to it. Each handler has made a
/// parameter of its own; where they are equal, bit for bit, one of them takes the place of the others.
/// </summary>
internal static class SharedAgain
{
    /// <summary>Joins all shared parameters of replaced modules.</summary>
    /// <returns>Original parameters that can no longer be shared, because the new ones differ or have no place for another.</returns>
    public static IReadOnlyList<Tensor> Join(OperatorGraph graph, ModelTransaction transaction)
    {
        var replacements = new Dictionary<nn.Module, nn.Module>(ReferenceEqualityComparer.Instance);
        foreach ((nn.Module old, nn.Module replacement) in transaction.Swaps)
            replacements[old] = replacement;
        var divided = new List<Tensor>();
        foreach (IGrouping<Tensor, MaskedModule> group in SharedParameters.FindOwners(graph).Where(group => group.Skip(1).Any()))
        {
            if (!group.Any(owner => replacements.ContainsKey(owner.Module)))
                continue;
            Holder?[] holders = [.. group.SelectMany(owner => HoldersOf(owner, group.Key, replacements))];
            if (!TryJoin(holders, transaction))
                divided.Add(group.Key);
        }
        return divided;
    }

    /// <summary>The places that hold the parameter, or what became of it, in a module; null for one that has lost it.</summary>
    private static IEnumerable<Holder?> HoldersOf(MaskedModule owner, Tensor original, Dictionary<nn.Module, nn.Module> replacements)
    {
        bool isNew = replacements.TryGetValue(owner.Module, out nn.Module? replacement);
        nn.Module module = replacement ?? owner.Module;
        ModelInventory? inventory = isNew ? new ModelInventory(module) : null;
        foreach (string name in owner.Names.Where(name => ReferenceEquals(owner.TensorOf(name), original)))
        {
            Tensor? tensor = ModelInventory.TensorsOf(module).FirstOrDefault(entry => entry.Name == name).Tensor;
            yield return tensor is null ? null : new Holder(tensor, inventory?.PlacesOf(tensor) ?? []);
        }
    }

    private static bool TryJoin(Holder?[] holders, ModelTransaction transaction)
    {
        if (Array.Exists(holders, holder => holder is null))
            return false;
        Holder source = Array.Find(holders, holder => !holder!.CanTakeOver) ?? holders[0]!;
        Holder[] others = [.. holders.Where(holder => !ReferenceEquals(holder!.Tensor, source.Tensor)).Select(holder => holder!)];
        if (!Array.TrueForAll(others, other => (other.CanTakeOver || other.IsOf(source)) && other.Equals(source.Tensor)))
            return false;
        foreach (Holder other in others.Where(other => other.CanTakeOver))
            transaction.Share(other.Places, other.Tensor, source.Tensor);
        return true;
    }

    /// <summary>A parameter in a module.</summary>
    /// <param name="Tensor">The parameter.</param>
    /// <param name="Places">The places that hold it, if the module is new.</param>
    private sealed record Holder(Tensor Tensor, IReadOnlyList<Place> Places)
    {
        /// <summary>Whether the module reads the parameter from a field; a native one has it registered, but reads its own memory.</summary>
        public bool CanTakeOver => Places.Count > 1;

        /// <summary>Whether it is another object of one memory, as of two modules that stay.</summary>
        public bool IsOf(Holder other) =>
            ModelInventory.AddressOf(Tensor) is { } address && ModelInventory.AddressOf(other.Tensor) == address;

        /// <summary>Whether all values are the same.</summary>
        public bool Equals(Tensor other)
        {
            using var scope = NewDisposeScope();
            return Tensor.dtype == other.dtype && Tensor.shape.AsSpan().SequenceEqual(other.shape) && Tensor.equal(other).all().ToBoolean();
        }
    }
}
