using static TorchSharp.torch;

namespace Speedup.Core.Propagation;

/// <summary>Numbers for everything that has axes: values of the graph first, then parameters by identity, so that shared ones are one.</summary>
internal sealed class TensorKeys(int valueCount)
{
    private readonly Dictionary<Tensor, int> _parameters = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a key stands for a value of the graph rather than a parameter.</summary>
    public bool IsValue(int key) => key < valueCount;

    /// <summary>The key of a parameter or buffer.</summary>
    public int Of(Tensor parameter)
    {
        if (!_parameters.TryGetValue(parameter, out int key))
            _parameters[parameter] = key = valueCount + _parameters.Count;
        return key;
    }

    /// <summary>The key of a parameter if any operator has named it.</summary>
    public int? Find(Tensor parameter) => _parameters.TryGetValue(parameter, out int key) ? key : null;
}
