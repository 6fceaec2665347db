using static TorchSharp.torch;

namespace Speedup.Core.Propagation;

/// <summary>Numbers for everything that has axes: values of the graph first, then parameters by identity, so that shared ones are one.</summary>
internal sealed class TensorKeys(int valueCount)
{
    private readonly Dictionary<Tensor, int> _parameters = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, int> _inner = [];

    /// <summary>The value of the graph that a key stands for; null for a parameter.</summary>
    public int? FindValue(int key) =>
        key < valueCount ? key
        : _inner.TryGetValue(key, out int value) ? value
        : null;

    /// <summary>A key for a value as it is inside the module that produces it, before it is scattered to full width.</summary>
    public int AddInner(int value)
    {
        int key = Next;
        _inner[key] = value;
        return key;
    }

    /// <summary>The key of a parameter or buffer.</summary>
    public int Of(Tensor parameter)
    {
        if (!_parameters.TryGetValue(parameter, out int key))
            _parameters[parameter] = key = Next;
        return key;
    }

    private int Next => valueCount + _parameters.Count + _inner.Count;
}
