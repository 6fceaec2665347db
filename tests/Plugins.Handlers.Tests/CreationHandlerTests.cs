using System.Globalization;
using System.Reflection;
using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

/// <summary>Tensors that are made of numbers: what they hold is known, and their sizes follow.</summary>
public sealed class CreationHandlerTests
{
    private const int Seeds = 12;
    private static readonly string[] Filled = ["zeros", "ones", "full", "new_zeros", "new_ones", "new_full"];

    /// <summary>Each overload takes its size in another way: an array, or a number for each axis.</summary>
    [Fact]
    public void FilledTensors_InEveryOverload_AreConstantAndTakeSmallerSizes()
    {
        int count = 0;
        foreach (MethodInfo method in Overloads())
        {
            int removed = 0;
            for (int seed = 0; seed < Seeds; seed++)
            {
                removed += new FunctionCheck(method, seed, Arguments(method))
                {
                    Sizes =
                    [
                        method.IsStatic
                            ? []
                            :
                            [
                                [2, 5],
                            ],
                    ],
                    ConstantAxes = method.IsStatic ? [] : [1],
                    UnusedAxis = 1,
                }.Run()
                    ? 1
                    : 0;
            }
            Assert.True(removed > Seeds / 2, $"{method} removes something in {removed} of {Seeds} cases");
            count++;
        }

        Assert.True(count > 30, $"{count} overloads");
    }

    [Theory]
    [InlineData("zeros", 0)]
    [InlineData("ones", 1)]
    [InlineData("full", 0.1f)] // as float32 holds it
    public void FilledTensor_OfDefaultType_HoldsWhatTheTypeCan(string name, double expected)
    {
        MethodInfo method = Overloads()
            .First(overload => overload.Name == name && overload.GetParameters()[0].ParameterType == typeof(long[]));
        using Tensor made = zeros(3, 4);
        Dictionary<string, object?> recorded = method
            .GetParameters()
            .Zip(Arguments(method))
            .ToDictionary(p => p.First.Name!, p => p.Second);
        recorded["value"] = (Scalar)0.1;
        recorded["dtype"] = null;
        var op = new LoneOperator([], [made], [], recorded) { Method = method };

        Harness.Handlers.For(FunctionKey.Of(method)).InferFromInput(op);

        Assert.Equal(expected, op.Output(0).FindConstant());
    }

    [Fact]
    public void Literal_OfOneNumber_IsThatNumber()
    {
        MethodInfo method = FunctionCheck.Find(typeof(TorchSharp.torch), "tensor", typeof(float), typeof(Device), typeof(bool));

        Assert.Equal(1.7f, Infer(method, zeros([]), 1.7f, null, false).FindConstant());
    }

    [Fact]
    public void Literal_OfSeveralNumbers_KnowsEachAndKeepsAll()
    {
        Type[] types = [typeof(float[]), typeof(ScalarType?), typeof(Device), typeof(bool), typeof(string[])];
        MethodInfo method = FunctionCheck.Find(typeof(TorchSharp.torch), "tensor", types);

        TensorFacts facts = Infer(method, zeros(3), new[] { 1f, 2f, 4f }, null, null, false, null);

        Assert.Equal([1, 2, 4], Enumerable.Range(0, 3).Select(facts[0].ConstantAt));
        Assert.True(double.IsNaN(facts.FindConstant()));
    }

    [Fact]
    public void Implicit_OfANumber_IsThatNumber()
    {
        MethodInfo method = typeof(Tensor)
            .GetMethods()
            .First(m => m.Name == "op_Implicit" && m.GetParameters()[0].ParameterType == typeof(double));

        Assert.Equal(0.25, Infer(method, zeros([]), 0.25).FindConstant());
    }

    [Fact]
    public void Sequences_SayNothingAndKeepAll()
    {
        Type[] types = [typeof(Scalar), typeof(ScalarType?), typeof(Device), typeof(bool)];
        MethodInfo method = FunctionCheck.Find(typeof(TorchSharp.torch), "arange", types);

        TensorFacts facts = Infer(method, zeros(5), (Scalar)5, null, null, false);

        Assert.False(facts[0].AnyConstant);
    }

    private static TensorFacts Infer(MethodInfo method, Tensor made, params object?[] arguments)
    {
        using (made)
        {
            Dictionary<string, object?> recorded = method.GetParameters().Zip(arguments).ToDictionary(p => p.First.Name!, p => p.Second);
            var op = new LoneOperator([], [made], [], recorded) { Method = method };
            Harness.Handlers.For(FunctionKey.Of(method)).InferFromInput(op);
            return op.Output(0);
        }
    }

    private static IEnumerable<MethodInfo> Overloads() =>
        from type in new[] { typeof(TorchSharp.torch), typeof(Tensor) }
        from method in type.GetMethods()
        where Filled.Contains(method.Name) && method.IsStatic == (type == typeof(TorchSharp.torch))
        where !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike)
        let first = method.GetParameters()[0].ParameterType
        where method.GetParameters().Count(parameter => parameter.ParameterType == first) > 1 || first == typeof(long[])
        select method;

    /// <summary>Sizes of 3, 4, 5, 6, and nothing else.</summary>
    private static object?[] Arguments(MethodInfo method)
    {
        var arguments = new List<object?>();
        int size = 3;
        if (!method.IsStatic)
            arguments.Add(new InputRef(0));
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Type type = parameter.ParameterType;
            arguments.Add(
                type == typeof(long[]) ? new long[] { 3, 4, 5 }
                : type == typeof(long) || type == typeof(int) ? Convert.ChangeType(size++, type, CultureInfo.InvariantCulture)
                : type == typeof(Scalar) ? (Scalar)1.5
                : type == typeof(ScalarType?) ? ScalarType.Float64
                : type == typeof(bool) ? false
                : null
            );
        }
        return [.. arguments];
    }
}
