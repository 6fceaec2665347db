using Speedup.Core.CodeWriting.CSharp;
using Speedup.Core.CodeWriting.PyTorch;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.CodeWriting;

/// <summary>How values are written in each language.</summary>
public sealed class LiteralTests
{
    public static TheoryData<object?, string, string> Values =>
        new()
        {
            { null, "null", "None" },
            { true, "true", "True" },
            { 3L, "3", "3" },
            { 2.0, "2.0", "2.0" },
            { 1e-6, "1E-06", "1E-06" },
            { 0.1f, "0.1f", "0.10000000149011612" },
            { double.NegativeInfinity, "double.NegativeInfinity", "float(\"-inf\")" },
            { double.NaN, "double.NaN", "float(\"nan\")" },
            { "a\"\\\né", "\"a\\u0022\\u005c\\u000a\\u00e9\"", "\"a\\u0022\\u005c\\u000a\\u00e9\"" },
            { ScalarType.Float64, "ScalarType.Float64", "torch.float64" },
            { ScalarType.Byte, "ScalarType.Byte", "torch.uint8" },
            { InterpolationMode.Bilinear, "InterpolationMode.Bilinear", "\"bilinear\"" },
            { PaddingModes.Circular, "PaddingModes.Circular", "\"circular\"" },
            { (2L, 3L), "(2, 3)", "(2, 3)" },
            { new long[] { 4 }, "[4]", "(4,)" },
        };

    [Theory]
    [MemberData(nameof(Values))]
    public void Write_OfAValue_IsOfTheLanguage(object? value, string csharp, string python)
    {
        Assert.Equal(csharp, CSharpLiterals.Write(value));
        Assert.Equal(python, PyTorchLiterals.Write(value));
    }
}
