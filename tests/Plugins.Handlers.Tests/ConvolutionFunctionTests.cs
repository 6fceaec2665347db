using System.Reflection;
using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Xunit;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

/// <summary>Convolutions whose weight is a tensor like any other, on random facts of all operands.</summary>
public sealed class ConvolutionFunctionTests
{
    private const int Seeds = 60;

    [Theory]
    [InlineData("conv1d", true)]
    [InlineData("conv1d", false)]
    [InlineData("conv2d", true)]
    [InlineData("conv2d", false)]
    [InlineData("conv_transpose1d", true)]
    [InlineData("conv_transpose2d", false)]
    public void Convolution_RandomFacts_IsExact(string name, bool hasBias)
    {
        MethodInfo method = typeof(F).GetMethods().Single(candidate => candidate.Name == name);
        bool isTransposed = name.StartsWith("conv_transpose", StringComparison.Ordinal);
        long[] kernel = name.EndsWith("1d", StringComparison.Ordinal) ? [3] : [3, 3];
        long[] size = name.EndsWith("1d", StringComparison.Ordinal) ? [7] : [7, 6];
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            long[][] shapes =
            [
                [2, 5, .. size],
                [isTransposed ? 5 : 6, isTransposed ? 6 : 5, .. kernel],
                .. hasBias ? new long[][] { [6] } : [],
            ];
            object?[] arguments = [.. method.GetParameters().Select(parameter => Argument(parameter, hasBias))];
            removed += new FunctionCheck(method, seed, arguments)
            {
                Sizes = [shapes],
                ConstantAxes = seed % 2 == 0 ? [1, isTransposed ? 0 : 1, 0] : [0, isTransposed ? 1 : 0, 0],
                UnusedAxis = 1,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 4, $"removed something in {removed} of {Seeds} cases");
    }

    private static object? Argument(ParameterInfo parameter, bool hasBias) =>
        parameter.Name switch
        {
            "input" => new InputRef(0),
            "weight" => new InputRef(1),
            "bias" => hasBias ? new InputRef(2) : null,
            "padding" when parameter.ParameterType == typeof(long[]) => new long[] { 1, 1 },
            "padding" => 1L,
            "groups" => 1L,
            _ => parameter.HasDefaultValue ? parameter.DefaultValue : null,
        };
}
