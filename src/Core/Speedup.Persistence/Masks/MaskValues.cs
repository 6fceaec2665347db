using Speedup.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Persistence.Masks;

/// <summary>Checks that a mask holds zeros and ones only.</summary>
internal static class MaskValues
{
    /// <summary>What is wrong with the values or their type, if anything.</summary>
    public static MaskFault? FaultOf(MaskEntry entry)
    {
        string where = $"mask of '{Quoted.Text(entry.ModulePath)}' ({Quoted.Text(entry.Parameter)})";
        if (is_complex(entry.Mask))
            return new MaskFault(
                MaskCodes.WrongType,
                entry.ModulePath,
                entry.Parameter,
                $"{where} has type {entry.Mask.dtype}; use float, int or bool"
            );
        if (entry.Mask.dtype == ScalarType.Bool)
            return null;
        if (MaskBits.AreBinary(MaskBits.Of(entry.Mask)))
            return null;
        using var scope = NewDisposeScope();
        using Scalar one = 1; // a temporary one may be collected while the native library reads it
        Tensor wrong = entry.Mask.to(ScalarType.Bool).logical_and(entry.Mask.ne(one));
        long count = wrong.count_nonzero().item<long>();
        if (count == 0)
            return null;
        double first = entry.Mask.masked_select(wrong)[0].to(ScalarType.Float64).item<double>();
        return new MaskFault(
            MaskCodes.WrongValues,
            entry.ModulePath,
            entry.Parameter,
            $"{where} holds {count} of {entry.Mask.NumberOfElements} values that are neither 0 nor 1, the first is {first}; "
                + "is it a weight, a score or a soft mask?"
        );
    }
}
