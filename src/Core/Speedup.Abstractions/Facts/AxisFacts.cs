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
    private PendingFacts? _pending;
    private int _count;

    /// <summary>Creates the facts of an axis of which nothing is known yet.</summary>
    /// <param name="length">Number of indices on the axis.</param>
    public AxisFacts(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
    }

    /// <summary>
    /// Creates the facts of an axis whose length depends on the size of the model's input: a position, or a multiple of one. What holds for one
    /// position need not hold for those that another size adds, so that a fact counts once it is established for an index and for all others at
    /// a multiple of <paramref name="period"/> from it.
    /// </summary>
    /// <param name="length">Number of indices on the axis, as traced.</param>
    /// <param name="period">A divisor of every length that the axis has been seen to have; 1 where there is no other.</param>
    internal AxisFacts(int length, int period)
        : this(length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(period);
        Period = period;
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
        Period = producer.Period;
        _producer = producer;
    }

    /// <summary>Number of indices on the axis.</summary>
    public int Length { get; }

    /// <summary>
    /// Whether the length of the axis depends on the size of the model's input, as that of a batch, of a sequence, or of an image's rows. A fact on
    /// such an axis counts once it is established for all its positions.
    /// </summary>
    public bool IsSizeDependent => Period > 0;

    /// <summary>Distance at which the indices of a size-dependent axis repeat; zero for any other axis.</summary>
    internal int Period { get; }

    /// <summary>Number of facts established so far; it only grows.</summary>
    public int Count => _count + (_pending?.Count ?? 0) + (_producer?.Count ?? 0);

    /// <summary>Whether any index is constant.</summary>
    public bool AnyConstant => _producer?.AnyConstant ?? _constants is not null;

    /// <summary>Whether any index is unused.</summary>
    public bool AnyUnused => _unused is not null;

    /// <summary>Whether the index holds one value for every input, sample and position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    public bool IsConstant(int index)
    {
        Check(index);
        return _producer?.IsConstant(index) ?? (_constants is not null && !double.IsNaN(_constants[index]));
    }

    /// <summary>The constant value of an index.</summary>
    /// <exception cref="InvalidOperationException">The index is varying.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    public double ConstantAt(int index)
    {
        if (!IsConstant(index))
            throw new InvalidOperationException($"Index {index} is not constant.");
        return _producer?.ConstantAt(index) ?? _constants![index];
    }

    /// <summary>Whether the index is constantly zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    public bool IsZero(int index) => IsConstant(index) && ConstantAt(index) == 0;

    /// <summary>Whether some output of the model may depend on the index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    public bool IsUsed(int index)
    {
        Check(index);
        return _unused is null || !_unused[index];
    }

    /// <summary>Whether the index is used and varying: what carries information, and so can never be removed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    public bool IsNeeded(int index) => IsUsed(index) && !IsConstant(index);

    /// <summary>Establishes that an index is constant. Without effect on an index that is constant already.</summary>
    /// <param name="index">The index.</param>
    /// <param name="value">The value, not NaN (an index that may be NaN stays varying).</param>
    /// <exception cref="InvalidOperationException">The axis is an input: its constants are its producer's to infer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    public void SetConstant(int index, double value)
    {
        if (_producer is not null)
            throw new InvalidOperationException("A handler infers constants of its outputs; those of an input come from its producer.");
        if (IsConstant(index) || double.IsNaN(value))
            return;
        if (Period > 0 && !Pending.AddConstant(index, value))
            return;
        for (int i = Period > 0 ? index % Period : index; i < Length; i += Period > 0 ? Period : Length)
            MarkConstant(i, value);
    }

    /// <summary>Establishes that no output of the model depends on an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    public void SetUnused(int index)
    {
        if (!IsUsed(index) || (Period > 0 && !Pending.AddUnused(index)))
            return;
        _unused ??= new bool[Length];
        for (int i = Period > 0 ? index % Period : index; i < Length; i += Period > 0 ? Period : Length)
            _unused[i] = true;
        _count++;
    }

    private void Check(int index)
    {
        if ((uint)index >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The axis has {Length} indices.");
    }

    private PendingFacts Pending => _pending ??= new PendingFacts(Length, Period);

    private void MarkConstant(int index, double value)
    {
        if (_constants is null)
        {
            _constants = new double[Length];
            Array.Fill(_constants, double.NaN);
        }
        _constants[index] = value;
        _count++;
    }
}
