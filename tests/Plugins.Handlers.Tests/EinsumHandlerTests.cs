using System.Reflection;
using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class EinsumHandlerTests
{
    private const int Seeds = 60;
    private static readonly MethodInfo Method = FunctionCheck.Find(typeof(TorchSharp.torch), "einsum", typeof(string), typeof(Tensor[]));
    private static readonly Dictionary<char, long> Lengths = new()
    {
        ['b'] = 3,
        ['h'] = 4,
        ['i'] = 5,
        ['j'] = 6,
        ['k'] = 2,
        ['d'] = 7,
        ['Z'] = 3,
    };

    [Theory]
    [InlineData("ij,jd->id", 0, 0, 0)]
    [InlineData("ij,jd->id", 1, 0, 1)]
    [InlineData("ij , jd -> di", 1, 0, 0)]
    [InlineData("bhid,bhjd->bhij", 1, 1, 1)]
    [InlineData("bhid,bhjd->bhij", 3, 3, 2)]
    [InlineData("bhij,bhjd->bihd", 3, 2, 3)]
    [InlineData("bi,bj->bij", 1, 1, 2)]
    [InlineData("ij,ij->i", 1, 1, 0)]
    [InlineData("ij,ij", 1, 1, 0)]
    [InlineData("Zj,jd", 1, 0, 1)]
    [InlineData("iZ,Zd", 1, 0, 1)]
    [InlineData("bij,ij->b", 1, 0, 0)]
    [InlineData("bij,ij->b", 2, 1, 0)]
    public void Einsum_OfTwoOperands_IsExact(string equation, int leftAxis, int rightAxis, int unusedAxis)
    {
        string[] terms = equation.Replace(" ", "", StringComparison.Ordinal).Split("->")[0].Split(',');
        long[][] shapes = [.. terms.Select(term => term.Select(letter => Lengths[letter]).ToArray())];

        Run(equation, shapes, [leftAxis, rightAxis], unusedAxis, Seeds / 4);
    }

    [Theory]
    [InlineData("bij->jbi", 1, 0, 15)]
    [InlineData("bij->bj", 1, 1, 5)]
    [InlineData("iij->ij", 2, 1, 15)]
    [InlineData("ii->i", 0, 0, -1)]
    public void Einsum_OfOneOperand_IsExact(string equation, int axis, int unusedAxis, int least)
    {
        long[][] shapes =
        [
            [.. equation.Split("->")[0].Select(letter => Lengths[letter])],
        ];

        Run(equation, shapes, [axis], unusedAxis, least);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 2)]
    public void Einsum_OfThreeOperands_IsExact(int first, int second, int third) =>
        Run(
            "ij,jk,kd->id",
            [
                [5, 6],
                [6, 2],
                [2, 7],
            ],
            [first, second, third % 2],
            1,
            Seeds / 4
        );

    [Fact]
    public void Einsum_OfARingOfOperands_IsExact() =>
        Run(
            "bij,jbd,dib->",
            [
                [3, 5, 6],
                [6, 3, 7],
                [7, 5, 3],
            ],
            [2, 2, 1],
            0,
            -1
        );

    [Theory]
    [InlineData("...ij,...jd->...id", 3, 2, 1)]
    [InlineData("...ij,...jd->...id", 1, 1, 1)]
    [InlineData("...ij,...jd", 0, 1, 0)]
    [InlineData("...ij,...jd->id", 1, 1, 0)]
    public void Einsum_WithDots_IsExact(string equation, int leftAxis, int rightAxis, int unusedAxis) =>
        Run(
            equation,
            [
                [3, 4, 5, 6],
                [4, 6, 7],
            ],
            [leftAxis, rightAxis],
            unusedAxis,
            rightAxis == 1 && equation.EndsWith(">id", StringComparison.Ordinal) ? 0 : Seeds / 6
        );

    [Fact]
    public void Einsum_WithABroadcastLetter_KeepsTheShortAxis() =>
        Run(
            "bij,bjd->bid",
            [
                [3, 5, 6],
                [1, 6, 7],
            ],
            [0, 1],
            0,
            Seeds / 4
        );

    /// <summary>Two operands that share two indices: either could be zero where the other leans on it.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Einsum_WithZerosThatMeet_KeepsOne(int leftAxis, int rightAxis) =>
        Run(
            "ij,ij->",
            [
                [5, 6],
                [5, 6],
            ],
            [leftAxis, rightAxis],
            0,
            -1
        );

    private static void Run(string equation, long[][] shapes, int[] constantAxes, int unusedAxis, int least)
    {
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            List<object?> operands = [.. shapes.Select((_, position) => new InputRef(position))];
            removed += new FunctionCheck(Method, seed, equation, operands)
            {
                Sizes = [shapes],
                ConstantAxes = constantAxes,
                UnusedAxis = unusedAxis,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > least, $"removed something in {removed} of {Seeds} cases");
    }
}
