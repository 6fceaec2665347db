namespace Speedup.Abstractions;

/// <summary>The facts of every axis of one tensor.</summary>
public sealed class TensorFacts
{
    private readonly long[] _shape;
    private readonly AxisFacts?[] _axes;
    private readonly TensorFacts? _producer;
    private readonly IReadOnlyList<int>? _periods;
    private AxisFacts? _whole;

    /// <summary>Creates the facts of a tensor of which only the shape is known.</summary>
    /// <param name="shape">Lengths of its axes, as seen in the traced forward pass.</param>
    public TensorFacts(IReadOnlyList<long> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        _shape = [.. shape];
        _axes = new AxisFacts?[_shape.Length];
    }

    /// <summary>Creates the facts of a tensor some axes of which depend on the size of the model's input.</summary>
    /// <param name="shape">Lengths of its axes, as seen in the traced forward pass.</param>
    /// <param name="periods">For each axis the distance at which its indices repeat; zero where its length is always the same.</param>
    internal TensorFacts(IReadOnlyList<long> shape, IReadOnlyList<int> periods)
        : this(shape) => _periods = periods;

    /// <summary>Creates the facts of a tensor as one consumer sees it; see <see cref="AxisFacts(AxisFacts)"/>.</summary>
    /// <param name="producer">The facts of the tensor where it is produced.</param>
    public TensorFacts(TensorFacts producer)
    {
        ArgumentNullException.ThrowIfNull(producer);
        _shape = producer._shape;
        _axes = new AxisFacts?[_shape.Length];
        _producer = producer;
    }

    /// <summary>Lengths of the axes.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Number of axes.</summary>
    public int Rank => _shape.Length;

    /// <summary>Number of facts established on all axes; it only grows.</summary>
    public int Count
    {
        get
        {
            int count = (_whole ?? _producer?._whole)?.Count ?? 0;
            for (int axis = 0; axis < _axes.Length; axis++)
                count += (_axes[axis] ?? _producer?._axes[axis])?.Count ?? 0;
            return count;
        }
    }

    /// <summary>
    /// The tensor as a single index: all that can be known of one without axes, such as a scale that is a buffer or
    /// <c>torch.tensor(0.5f)</c>. What is known of a tensor with axes stands with these.
    /// </summary>
    public AxisFacts Whole => _whole ??= _producer is null ? new AxisFacts(1) : new AxisFacts(_producer.Whole);

    /// <summary>The value that each element has; NaN where they are not known to be one constant.</summary>
    public double FindConstant()
    {
        if (Rank == 0)
            return Whole.IsConstant(0) ? Whole.ConstantAt(0) : double.NaN;
        for (int axis = 0; axis < Rank; axis++)
        {
            AxisFacts facts = this[axis];
            if (!facts.AnyConstant || !Enumerable.Range(0, facts.Length).All(facts.IsConstant))
                continue;
            double value = facts.ConstantAt(0);
            if (Enumerable.Range(0, facts.Length).All(i => facts.ConstantAt(i).Equals(value)))
                return value;
        }
        return double.NaN;
    }

    /// <summary>Establishes that each element has one value. Without effect where that is known already.</summary>
    /// <param name="value">The value, not NaN.</param>
    public void SetConstant(double value)
    {
        if (Rank == 0)
            Whole.SetConstant(0, value);
        for (int axis = 0; axis < Rank; axis++)
        {
            for (int i = 0; i < this[axis].Length; i++)
                this[axis].SetConstant(i, value);
        }
    }

    /// <summary>The facts of one axis.</summary>
    /// <param name="axis">Axis from the front, or from the back if negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has no such axis.</exception>
    public AxisFacts this[int axis]
    {
        get
        {
            int at = Normalize(axis);
            return _axes[at] ??= _producer is null
                ? new AxisFacts(checked((int)_shape[at]), _periods?[at] ?? 0)
                : new AxisFacts(_producer[at]);
        }
    }

    /// <summary>Turns an axis counted from the back into one counted from the front.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has no such axis.</exception>
    public int Normalize(int axis)
    {
        int at = axis < 0 ? axis + Rank : axis;
        ArgumentOutOfRangeException.ThrowIfNegative(at, nameof(axis));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(at, Rank, nameof(axis));
        return at;
    }
}
