using System.Globalization;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>An example input as the command line writes it: <c>1,3,224,224</c>, or <c>1,16:int64</c>.</summary>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="DType">Element type; float32 where none is written.</param>
internal sealed record InputSpecification(long[] Shape, ScalarType DType)
{
    /// <summary>Parses the text, or returns null.</summary>
    public static InputSpecification? TryParse(string text)
    {
        string[] parts = text.Split(':');
        ScalarType? dtype = parts.Length == 1 ? ScalarType.Float32 : TryParseDType(parts[1]);
        var shape = new List<long>();
        foreach (string axis in parts[0].Split(','))
        {
            if (!long.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out long length) || length == 0)
                return null;
            shape.Add(length);
        }
        return dtype is null || parts.Length > 2 ? null : new InputSpecification([.. shape], dtype.Value);
    }

    /// <summary>A tensor of that shape: random normal numbers, or zeros for integers and flags, which serve as indices.</summary>
    public Tensor Create() => is_floating_point(DType) ? randn(Shape).to(DType) : zeros(Shape, DType);

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
