using System.Runtime.InteropServices;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Linear;

/// <summary>Reads the masked weight <c>[out, first, second]</c> entry by entry.</summary>
internal sealed class BilinearWeight
{
    /// <summary>Name of the weight.</summary>
    public const string Name = "weight";

    private readonly ParameterFacts _weight;
    private readonly bool[]? _kept;
    private readonly int _firsts;
    private readonly int _seconds;
    private double[]? _values;

    public BilinearWeight(IOperator op)
    {
        _weight = op.FindParameter(Name)!;
        _firsts = (int)_weight.Facts.Shape[1];
        _seconds = (int)_weight.Facts.Shape[2];
        using var scope = NewDisposeScope();
        _kept = _weight.Mask is { } mask
            ? MemoryMarshal.Cast<byte, bool>(mask.to(ScalarType.Bool).cpu().contiguous().bytes).ToArray()
            : null;
    }

    /// <summary>Whether the mask prunes an entry.</summary>
    public bool IsZero(int output, int first, int second) => _kept is not null && !_kept[At(output, first, second)];

    /// <summary>The masked value of an entry.</summary>
    public double Value(int output, int first, int second) => (_values ??= _weight.MaskedEntries())[At(output, first, second)];

    private int At(int output, int first, int second) => (((output * _firsts) + first) * _seconds) + second;
}
