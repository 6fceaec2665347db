using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Tensors whose bytes code was given, with what they held then: most code only looks.</summary>
internal sealed class MemoryWatch
{
    private readonly Dictionary<Tensor, (string Giver, byte[] Content)> _watched = new(ReferenceEqualityComparer.Instance);

    /// <summary>Watches a tensor.</summary>
    /// <returns>False where it cannot be watched.</returns>
    /// <param name="tensor">The tensor.</param>
    /// <param name="giver">The function that gave its memory out.</param>
    public bool TryAdd(Tensor tensor, string giver)
    {
        if (tensor.IsInvalid || !tensor.is_contiguous() || tensor.device_type != TorchSharp.DeviceType.CPU)
            return false;
        _watched.TryAdd(tensor, (giver, tensor.bytes.ToArray()));
        return true;
    }

    /// <summary>The tensors that were written to since somebody asked.</summary>
    public IReadOnlyList<(Tensor Tensor, string Giver)> TakeChanged()
    {
        if (_watched.Count == 0)
            return [];
        var changed = new List<(Tensor, string)>();
        foreach ((Tensor tensor, (string giver, byte[] content)) in _watched.Where(entry => !entry.Key.IsInvalid).ToArray())
        {
            if (tensor.bytes.SequenceEqual(content))
                continue;
            _watched[tensor] = (giver, tensor.bytes.ToArray());
            changed.Add((tensor, giver));
        }
        return changed;
    }
}
