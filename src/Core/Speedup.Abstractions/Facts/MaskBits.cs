using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// Reads float32 masks in the memory of the process, without the intermediate tensors that each tensor operation makes: masks are as large
/// as the weights.
/// </summary>
internal static class MaskBits
{
    private const int Zero = 0;
    private static readonly int One = BitConverter.SingleToInt32Bits(1);

    /// <summary>The bits of a mask, or nothing where it is of another type, on a device, or not contiguous.</summary>
    public static ReadOnlySpan<int> Of(Tensor mask) =>
        mask.dtype == ScalarType.Float32 && mask.device_type == DeviceType.CPU && mask.is_contiguous() && mask.numel() > 0
            ? MemoryMarshal.Cast<byte, int>(mask.bytes)
            : [];

    /// <summary>Whether the bits are known to be zeros and ones only; a negative zero is not known to be one.</summary>
    public static bool AreBinary(ReadOnlySpan<int> bits) => !bits.IsEmpty && !bits.ContainsAnyExcept(Zero, One);

    /// <summary>Whether any entry is known to be zero.</summary>
    public static bool AnyZero(ReadOnlySpan<int> bits) => bits.Contains(Zero);

    /// <summary>The pattern of a mask of so many rows and columns.</summary>
    public static MaskPattern ReadPattern(ReadOnlySpan<int> bits, int rows, int columns)
    {
        var kinds = new RowMask[rows];
        bool[]? nonZero = null;
        int perRow = bits.Length / rows;
        int length = perRow / columns;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<int> all = bits.Slice(row * perRow, perRow);
            kinds[row] =
                !all.ContainsAnyExcept(Zero) ? RowMask.Zero
                : !all.ContainsAnyExcept(One) ? RowMask.Whole
                : RowMask.Partial;
            if (kinds[row] != RowMask.Partial)
                continue;
            nonZero ??= new bool[rows * columns];
            bool any = false;
            for (int column = 0; column < columns; column++)
                any |= nonZero[(row * columns) + column] = AnyNonZero(all.Slice(column * length, length));
            if (!any)
                kinds[row] = RowMask.Zero; // zeros of either sign
        }
        return new MaskPattern(columns, kinds, nonZero);
    }

    private static bool AnyNonZero(ReadOnlySpan<int> bits)
    {
        foreach (int value in bits)
        {
            if ((value & int.MaxValue) != Zero) // either zero
                return true;
        }
        return false;
    }
}
