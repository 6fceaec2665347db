using System.Reflection;
using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class ArithmeticHandlerTests
{
    private static readonly long[][][] Shapes =
    [
        [
            [2, 6, 3],
            [2, 6, 3],
        ],
        [
            [2, 6, 3],
            [6, 1],
        ],
        [
            [2, 6, 3],
            [1, 6, 1],
        ],
        [
            [2, 6, 3],
            [2, 1, 3],
        ],
        [
            [2, 6, 3],
            [3],
        ],
        [
            [2, 6, 3],
            [1],
        ],
        [
            [2, 6, 3],
            [],
        ],
        [
            [6, 3],
            [2, 6, 3],
        ],
        [
            [2, 1, 3],
            [2, 6, 1],
        ],
    ];

    [Fact]
    public void TensorOverloads_BroadcastAnyWay_AreExact()
    {
        int count = 0;
        foreach (MethodInfo method in Overloads(tensors: 2))
        {
            for (int seed = 0; seed < 9; seed++)
            {
                long[][] shapes = Shapes[seed];
                bool inPlace = method.Name.EndsWith('_');
                if (inPlace && shapes[0].Length < shapes[1].Length || (inPlace && seed == 8))
                    continue;
                for (int axis = 0; axis < 3; axis++)
                {
                    new FunctionCheck(method, seed, Arguments(method))
                    {
                        Sizes = [shapes],
                        ConstantAxes = [.. shapes.Select(shape => Math.Max(0, axis - (3 - shape.Length)))],
                        UnusedAxis = axis,
                    }.Run();
                }
            }
            count++;
        }

        Assert.True(count > 35, $"{count} overloads");
    }

    [Fact]
    public void NumberOverloads_AreExactAndShrink()
    {
        int count = 0;
        foreach (MethodInfo method in Overloads(tensors: 1))
        {
            int removed = 0;
            for (int seed = 0; seed < 6; seed++)
            {
                bool shrinks = new FunctionCheck(method, seed, Arguments(method))
                {
                    Sizes =
                    [
                        [
                            [2, 6, 3],
                        ],
                    ],
                    ConstantAxes = [1],
                    UnusedAxis = 1,
                }.Run();
                removed += shrinks ? 1 : 0;
            }
            Assert.True(removed > 0, $"{method} removes nothing");
            count++;
        }

        Assert.True(count > 60, $"{count} overloads");
    }

    [Fact]
    public void Multiply_ByAZeroGate_MakesTheChannelUnused()
    {
        var method = FunctionCheck.Find(typeof(Tensor), "op_Multiply", typeof(Tensor), typeof(Tensor));
        using var value = randn(2, 3, 4, 4);
        using var gate = randn(2, 3, 1, 1);
        var recorded = new Dictionary<string, object?> { ["left"] = new InputRef(0), ["right"] = new InputRef(1) };
        var op = new LoneOperator([value, gate], [value], [], recorded) { Method = method };
        IFunctionHandler handler = Harness.Handlers.For(FunctionKey.Of(method));
        op.Input(0)[1].SetConstant(0, 0.5);
        op.Input(1)[1].SetConstant(2, 0);

        handler.InferFromInput(op);
        handler.InferFromOutput(op);

        Assert.False(op.Output(0)[1].IsConstant(0));
        Assert.Equal(0, op.Output(0)[1].ConstantAt(2));
        Assert.False(op.Input(0)[1].IsUsed(2));
        Assert.True(op.Input(0)[1].IsUsed(0));
    }

    /// <summary>The masked model's constant has rounded a little: which side of a neighbour it is on is not known.</summary>
    [Theory]
    [InlineData(0.5, double.NaN)]
    [InlineData(0.500001, double.NaN)]
    [InlineData(0.501, 1)]
    [InlineData(-0.5, 0)]
    public void Comparison_OfNeighbours_IsNotConstant(double constant, double expected)
    {
        var method = FunctionCheck.Find(typeof(Tensor), "gt", typeof(Scalar));
        using var value = randn(2, 3, 4);
        var recorded = new Dictionary<string, object?> { ["this"] = new InputRef(0), [method.GetParameters()[0].Name!] = (Scalar)0.5 };
        var op = new LoneOperator([value], [value], [], recorded) { Method = method };
        op.Input(0)[1].SetConstant(1, constant);

        Harness.Handlers.For(FunctionKey.Of(method)).InferFromInput(op);

        AxisFacts output = op.Output(0)[1];
        Assert.Equal(expected, output.IsConstant(1) ? output.ConstantAt(1) : double.NaN);
    }

    /// <summary>All overloads of all handled functions with so many tensor operands.</summary>
    private static IEnumerable<MethodInfo> Overloads(int tensors) =>
        from handler in Harness.Handlers.AllFunctions
        where handler.GetType().Namespace == "Speedup.Plugins.Arithmetic"
        from key in handler.Functions
        from method in key.DeclaringType.GetMethods()
        where method.Name == key.Name && !method.GetParameters().Any(parameter => parameter.Name is "dim" or "tensor1" or "end")
        where tensors == 1 || method.Name is not ("clamp" or "clip")
        where tensors == 2 || method.GetParameters().Length > 1 || !method.Name.StartsWith('m') // the extreme of a whole tensor
        let count = method.GetParameters().Count(parameter => parameter.ParameterType == typeof(Tensor)) + (method.IsStatic ? 0 : 1)
        where count == tensors
        select method;

    private static object?[] Arguments(MethodInfo method)
    {
        int inputs = 0;
        var arguments = new List<object?>();
        if (!method.IsStatic)
            arguments.Add(new InputRef(inputs++));
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            arguments.Add(
                parameter.ParameterType == typeof(Tensor) ? new InputRef(inputs++)
                : parameter.ParameterType == typeof(Scalar) ? (Scalar)1.75
                : parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, 0)
                : Convert.ChangeType(3, parameter.ParameterType, System.Globalization.CultureInfo.InvariantCulture)
            );
        }
        return [.. arguments];
    }
}
