using System.Reflection;
using System.Text;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.PyTorch;

/// <summary>What has another name in PyTorch than in TorchSharp.</summary>
internal static class PyTorchNames
{
    /// <summary>Parameters, by <c>function.parameter</c>, or by the parameter where it is the same everywhere.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["Linear.inputSize"] = "in_features",
        ["Linear.outputSize"] = "out_features",
        ["hasBias"] = "bias",
        ["embedding_dims"] = "embedding_dim",
        ["embedded_dim"] = "embed_dim",
        ["padding_index"] = "padding_idx",
        ["lambda"] = "lambd",
        ["nonLinearity"] = "nonlinearity",
        ["dimension"] = "dim",
        ["dimensions"] = "dim",
        ["to.type"] = "dtype",
        ["mean.type"] = "dtype",
        ["sum.type"] = "dtype",
        ["prod.type"] = "dtype",
        ["cumsum.type"] = "dtype",
        ["keepDim"] = "keepdim",
        ["strides"] = "stride",
        ["is_casual"] = "is_causal",
        ["scaled_dot_product_attention.p"] = "dropout_p",
        ["permutation"] = "dims",
        ["h0_c0"] = "hx",
        ["h0"] = "hx",
    };

    /// <summary>Functions that make tensors.</summary>
    private static readonly HashSet<string> Creators = ["zeros", "ones", "empty", "full", "rand", "randn", "randint"];

    /// <summary>Modules that take no <c>inplace</c> there.</summary>
    private static readonly HashSet<string> WithoutInPlace = ["Sigmoid", "Tanh", "Softsign", "GELU", "Tanhshrink"];

    /// <summary>The name of a parameter.</summary>
    public static string ParameterOf(string function, string parameter) =>
        Parameters.GetValueOrDefault($"{function}.{parameter}") ?? Parameters.GetValueOrDefault(parameter) ?? SnakeOf(parameter);

    /// <summary>Whether a module, or a function of one, lacks a parameter that TorchSharp's has.</summary>
    public static bool Lacks(string function, string parameter) =>
        (
            parameter == "inplace"
            && (WithoutInPlace.Contains(function) || function is "sigmoid" or "tanh" or "softsign" or "gelu" or "tanhshrink")
        )
        || parameter is "disposeAfter" or "names" or "isImplicit" or "recompute_scale_factor"
        || (function, parameter) is ("LayerNorm", "bias");

    /// <summary>Whether a parameter is one of several lengths or axes, which there is a single parameter for.</summary>
    public static bool IsLength(string function, ParameterInfo parameter) =>
        (
            Creators.Contains(function)
            && parameter is { Name: "size" or "rows" or "columns" or "dim0" or "dim1" or "dim2" or "dim3" }
            && IsNumber(parameter)
        ) || (function == "sum" && parameter is { Name: "dim0" or "dim1" or "dim2" });

    private static bool IsNumber(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(long) || parameter.ParameterType == typeof(int);

    /// <summary>The element type of a tensor that C# makes of a number.</summary>
    public static ScalarType TypeOf(object? number) =>
        number switch
        {
            byte => ScalarType.Byte,
            sbyte => ScalarType.Int8,
            short => ScalarType.Int16,
            int => ScalarType.Int32,
            double => ScalarType.Float64,
            _ => ScalarType.Float32,
        };

    /// <summary>The name of an element type.</summary>
    public static string NameOf(ScalarType type) =>
        type switch
        {
            ScalarType.Byte => "uint8",
            ScalarType.ComplexFloat32 => "complex64",
            ScalarType.ComplexFloat64 => "complex128",
            _ => type.ToString().ToLowerInvariant(),
        };

    /// <summary>The text that stands for a value of an enumeration.</summary>
    public static string TextOf(Enum member) =>
        member.ToString() == "NearestExact" ? "nearest-exact" : member.ToString().ToLowerInvariant();

    private static string SnakeOf(string name)
    {
        var snake = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(letter));
        }
        return snake.ToString();
    }
}
