using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>A parameter or buffer of a module as the masked model sees it.</summary>
public sealed class ParameterFacts
{
    private readonly Tensor _value;
    private readonly Tensor? _mask;
    private readonly Lazy<MaskPattern?> _pattern;
    private readonly Lazy<double[]> _sums;
    private readonly Lazy<double[]> _entries;

    /// <summary>Describes a parameter; the tensors stay the caller's.</summary>
    /// <param name="name">Name within its module, such as <c>weight</c>.</param>
    /// <param name="value">The dense value; it is never written.</param>
    /// <param name="mask">0/1 tensor of the same shape, or null where nothing is masked (an all-ones mask counts as none).</param>
    public ParameterFacts(string name, Tensor value, Tensor? mask)
    {
        Name = name;
        _value = value;
        _mask = mask;
        Facts = new TensorFacts(value.shape);
        _pattern = new Lazy<MaskPattern?>(ReadPattern);
        _sums = new Lazy<double[]>(ReadKernelSums);
        _entries = new Lazy<double[]>(ReadEntries);
    }

    /// <summary>Name within its module.</summary>
    public string Name { get; }

    /// <summary>Whether a mask prunes any entry.</summary>
    public bool IsMasked => _mask is not null;

    /// <summary>The mask; null where nothing is masked. It stays the caller's.</summary>
    public Tensor? Mask => _mask;

    /// <summary>Facts per axis, for a parameter that a <c>forward</c> uses directly.</summary>
    public TensorFacts Facts { get; }

    /// <summary>The pattern of the mask over the first two axes; null where nothing is masked.</summary>
    public MaskPattern? Pattern => _pattern.Value;

    /// <summary>
    /// The masked value summed in float64 over all axes after the second, row by row: for a weight <c>[out, in, kH, kW]</c>
    /// entry <c>out * in.Length + in</c> is what a constant 1 on that input adds to that output. Computed once.
    /// </summary>
    public IReadOnlyList<double> KernelSums => _sums.Value;

    /// <summary>The masked value: value times mask. The result is a new tensor and belongs to the caller.</summary>
    public Tensor Masked()
    {
        using var _ = no_grad();
        using Tensor value = _value.detach();
        if (_mask is null)
            return value.clone();
        Tensor masked = value * _mask;
        if (masked.dtype == value.dtype)
            return masked;
        using (masked) // a mask of a wider type has widened the product
            return masked.to(value.dtype);
    }

    /// <summary>Some rows of the masked value: indices of its first axis. The result is a new tensor and belongs to the caller.</summary>
    public Tensor MaskedRows(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor index = IndexTensor.Of(rows, _value.device);
        Tensor value = _value.detach().index_select(0, index);
        if (Pattern is not { } pattern)
            return value.MoveToOuterDisposeScope();
        if (rows.Any(row => pattern.KindOf(row) == RowMask.Partial))
        {
            value.mul_(_mask!.index_select(0, index).to(value.dtype));
            return value.MoveToOuterDisposeScope();
        }
        long[] zeros = [.. Enumerable.Range(0, rows.Count).Where(i => pattern.IsRowZero(rows[i])).Select(i => (long)i)];
        using Scalar zero = 0; // a temporary one may be collected while the native library reads it
        if (zeros.Length > 0)
            value.index_fill_(0, tensor(zeros, device: value.device), zero);
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>Entries of the masked parameter in float64, row by row; read once, each caller gets its own array.</summary>
    public double[] MaskedEntries() => [.. _entries.Value];

    /// <summary>For each index of an axis the value that the whole masked slice holds, in float64; NaN where it holds several.</summary>
    public double[] ConstantSlices(int axis)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor slices = Masked().to(ScalarType.Float64).movedim([axis], [0]);
        slices = slices.reshape(slices.shape[0], -1);
        if (slices.numel() == 0)
            return [.. Enumerable.Repeat(double.NaN, (int)slices.shape[0])];
        Tensor low = slices.amin([1]);
        return Read<double>(where(low.eq(slices.amax([1])), low, double.NaN));
    }

    private double[] ReadEntries()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return Read<double>(Masked().to(ScalarType.Float64).flatten());
    }

    private MaskPattern? ReadPattern()
    {
        if (_mask is null)
            return null;
        long rows = _mask.shape[0];
        long columns = _mask.dim() > 1 ? _mask.shape[1] : 1;
        ReadOnlySpan<int> bits = MaskBits.Of(_mask);
        if (!bits.IsEmpty)
            return MaskBits.ReadPattern(bits, (int)rows, (int)columns);
        using var scope = NewDisposeScope();
        Tensor nonZero = _mask.reshape(rows, columns, -1).to(ScalarType.Bool).any(2);
        return new MaskPattern((int)rows, (int)columns, Read<bool>(nonZero));
    }

    private double[] ReadKernelSums()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor masked = Masked();
        long columns = masked.dim() > 1 ? masked.shape[1] : 1;
        Tensor sums = masked.reshape(masked.shape[0], columns, -1).sum(2, type: ScalarType.Float64);
        return Read<double>(sums);
    }

    /// <summary>All elements at once: an accessor of TorchSharp reads them one by one.</summary>
    private static T[] Read<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.cpu().contiguous().bytes).ToArray();
}
