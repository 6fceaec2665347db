using System.Globalization;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>
/// An example input as the command line writes it: <c>1x3x224x224</c>, <c>1,16:int64</c>, or with the range of its values, <c>1x16:int64:0..30000</c>.
/// </summary>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="DType">Element type; float32 where none is written.</param>
/// <param name="Range">The least value and the first that is too large; null where none is written.</param>
internal sealed record InputSpecification(long[] Shape, ScalarType DType, (double Low, double High)? Range = null)
{
    private const string RangeMark = "..";

    /// <summary>Parses the text, or returns null.</summary>
    public static InputSpecification? TryParse(string text)
    {
        string[] parts = text.Split(':');
        ScalarType? dtype = parts.Length == 1 ? ScalarType.Float32 : TryParseDType(parts[1]);
        (double, double)? range = parts.Length > 2 ? TryParseRange(parts[2]) : null;
        var shape = new List<long>();
        foreach (string axis in parts[0].Split(parts[0].Contains('x') ? 'x' : ','))
        {
            if (!long.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out long length) || length == 0)
                return null;
            shape.Add(length);
        }
        return dtype is null || parts.Length > 3 || (parts.Length == 3 && range is null)
            ? null
            : new InputSpecification([.. shape], dtype.Value, range);
    }

    /// <summary>
    /// A tensor of that shape: evenly spread over the range, or else random normal numbers, and zeros for integers and flags, which serve as indices.
    /// </summary>
    public Tensor Create()
    {
        if (Range is not var (low, high))
            return is_floating_point(DType) ? randn(Shape).to(DType) : zeros(Shape, DType);
        return is_floating_point(DType)
            ? ((rand(Shape, ScalarType.Float64) * (high - low)) + low).to(DType)
            : randint((long)low, (long)high, Shape, ScalarType.Int64).to(DType);
    }

    private static (double, double)? TryParseRange(string text)
    {
        string[] ends = text.Split(RangeMark);
        return
            ends.Length == 2
            && double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double low)
            && double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double high)
            && low < high
            ? (low, high)
            : null;
    }

    private static ScalarType? TryParseDType(string name) =>
        name switch
        {
            "float16" => ScalarType.Float16,
            "bfloat16" => ScalarType.BFloat16,
            "float32" => ScalarType.Float32,
            "float64" => ScalarType.Float64,
            "int32" => ScalarType.Int32,
            "int64" => ScalarType.Int64,
            "bool" => ScalarType.Bool,
            _ => null,
        };
}
