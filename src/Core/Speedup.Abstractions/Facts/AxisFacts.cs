namespace Speedup.Abstractions;

/// <summary>
/// What is known of each index along one axis of a tensor. Forward: an index is <em>varying</em>, or <em>constant</em> (the
/// slice has one and the same value for every input, sample and position). Backward: it is <em>used</em>, or <em>unused</em>
/// (no output of the model depends on it). Every index starts as varying and used, and facts only move towards constant and
/// unused: that is why propagation ends.
/// </summary>
public sealed class AxisFacts
{
    private double[]? _constants; // NaN: varying
    private bool[]? _unused;

    /// <summary>Creates the facts of an axis of which nothing is known yet.</summary>
    /// <param name="length">Number of indices on the axis.</param>
    public AxisFacts(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
    }

    /// <summary>Number of indices on the axis.</summary>
    public int Length { get; }

    /// <summary>Number of facts established so far; it only grows.</summary>
    public int Count { get; private set; }

    /// <summary>Whether any index is constant.</summary>
    public bool AnyConstant => _constants is not null;

    /// <summary>Whether any index is unused.</summary>
    public bool AnyUnused => _unused is not null;

    /// <summary>Whether the index holds one value for every input, sample and position.</summary>
    public bool IsConstant(int index) => _constants is not null && !double.IsNaN(_constants[index]);

    /// <summary>The constant value of an index.</summary>
    /// <exception cref="InvalidOperationException">The index is varying.</exception>
    public double ConstantAt(int index) =>
        IsConstant(index) ? _constants![index] : throw new InvalidOperationException($"Index {index} is not constant.");

    /// <summary>Whether some output of the model may depend on the index.</summary>
    public bool IsUsed(int index) => _unused is null || !_unused[index];

    /// <summary>Whether the index is used and varying: what carries information, and so can never be removed.</summary>
    public bool IsNeeded(int index) => IsUsed(index) && !IsConstant(index);

    /// <summary>Establishes that an index is constant. Without effect on an index that is constant already.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value, not NaN (an index that may be NaN stays varying).</param>
    public void SetConstant(int index, double value)
    {
        if (double.IsNaN(value) || IsConstant(index))
            return;
        if (_constants is null)
        {
            _constants = new double[Length];
            Array.Fill(_constants, double.NaN);
        }
        _constants[index] = value;
        Count++;
    }

    /// <summary>Establishes that no output of the model depends on an index.</summary>
    public void SetUnused(int index)
    {
        if (!IsUsed(index))
            return;
        _unused ??= new bool[Length];
        _unused[index] = true;
        Count++;
    }
}
