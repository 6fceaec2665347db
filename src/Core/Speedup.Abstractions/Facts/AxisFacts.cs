namespace Speedup.Abstractions;

/// <summary>
/// What is known of each index along one axis of a tensor. Forward: an index is <em>varying</em>, or <em>constant</em> (the
/// slice has one and the same value for every input, sample and position). Backward: it is <em>used</em>, or <em>unused</em>
/// (no output of the model depends on it). Every index starts as varying and used, and facts only move towards constant and
/// unused: that is why propagation ends.
/// </summary>
public sealed class AxisFacts
{
    private readonly AxisFacts? _producer;
    private double[]? _constants; // NaN: varying
    private bool[]? _unused;
    private int _count;

    /// <summary>Creates the facts of an axis of which nothing is known yet.</summary>
    /// <param name="length">Number of indices on the axis.</param>
    public AxisFacts(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
    }

    /// <summary>
    /// Creates the facts of an axis as one consumer sees it: what is constant comes from the producer, and what is unused is this
    /// consumer's own say; an index of the tensor is unused when all its consumers say so.
    /// </summary>
    /// <param name="producer">The facts of the axis where the tensor is produced.</param>
    public AxisFacts(AxisFacts producer)
    {
        ArgumentNullException.ThrowIfNull(producer);
        Length = producer.Length;
        _producer = producer;
    }

    /// <summary>Number of indices on the axis.</summary>
    public int Length { get; }

    /// <summary>Number of facts established so far; it only grows.</summary>
    public int Count => _count + (_producer?.Count ?? 0);

    /// <summary>Whether any index is constant.</summary>
    public bool AnyConstant => _producer?.AnyConstant ?? _constants is not null;

    /// <summary>Whether any index is unused.</summary>
    public bool AnyUnused => _unused is not null;

    /// <summary>Whether the index holds one value for every input, sample and position.</summary>
    public bool IsConstant(int index) => _producer?.IsConstant(index) ?? (_constants is not null && !double.IsNaN(_constants[index]));

    /// <summary>The constant value of an index.</summary>
    /// <exception cref="InvalidOperationException">The index is varying.</exception>
    public double ConstantAt(int index)
    {
        if (!IsConstant(index))
            throw new InvalidOperationException($"Index {index} is not constant.");
        return _producer?.ConstantAt(index) ?? _constants![index];
    }

    /// <summary>Whether some output of the model may depend on the index.</summary>
    public bool IsUsed(int index) => _unused is null || !_unused[index];

    /// <summary>Whether the index is used and varying: what carries information, and so can never be removed.</summary>
    public bool IsNeeded(int index) => IsUsed(index) && !IsConstant(index);

    /// <summary>Establishes that an index is constant. Without effect on an index that is constant already.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value, not NaN (an index that may be NaN stays varying).</param>
    /// <exception cref="InvalidOperationException">The axis is an input: its constants are its producer's to infer.</exception>
    public void SetConstant(int index, double value)
    {
        if (_producer is not null)
            throw new InvalidOperationException("A handler infers constants of its outputs; those of an input come from its producer.");
        if (double.IsNaN(value) || IsConstant(index))
            return;
        if (_constants is null)
        {
            _constants = new double[Length];
            Array.Fill(_constants, double.NaN);
        }
        _constants[index] = value;
        _count++;
    }

    /// <summary>Establishes that no output of the model depends on an index.</summary>
    public void SetUnused(int index)
    {
        if (!IsUsed(index))
            return;
        _unused ??= new bool[Length];
        _unused[index] = true;
        _count++;
    }
}
