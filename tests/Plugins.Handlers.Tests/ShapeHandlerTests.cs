using System.Reflection;
using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class ShapeHandlerTests
{
    private static readonly InputRef Input = new(0);
    private static readonly TensorIndex[] Ranges = [TensorIndex.Ellipsis, TensorIndex.Null, TensorIndex.Slice(1, 3), 0, TensorIndex.Colon];

    private static readonly Dictionary<string, (MethodInfo Method, object?[] Arguments, long[][] Shapes)> Functions = new()
    {
        ["view, merge"] = (
            OfTensor("view", typeof(long[])),
            [Input, new long[] { 2, 24 }],
            [
                [2, 6, 2, 2],
            ]
        ),
        ["view, merge with -1"] = (
            OfTensor("view", typeof(long[])),
            [Input, new long[] { -1, 24 }],
            [
                [2, 6, 2, 2],
            ]
        ),
        ["view, merge of one sample"] = (
            OfTensor("view", typeof(long[])),
            [Input, new long[] { 1, 24 }],
            [
                [1, 6, 2, 2],
            ]
        ),
        ["view, drop ones"] = (
            OfTensor("view", typeof(long[])),
            [Input, new long[] { 2, 6 }],
            [
                [2, 6, 1, 1],
            ]
        ),
        ["view, add ones"] = (
            OfTensor("view", typeof(long[])),
            [Input, new long[] { 1, 6, 1, 1 }],
            [
                [6],
            ]
        ),
        ["view, batch into rows"] = (
            OfTensor("view", typeof(long[])),
            [Input, new long[] { 12, 5 }],
            [
                [3, 4, 5],
            ]
        ),
        ["view, one sample into rows"] = (
            OfTensor("view", typeof(long[])),
            [Input, new long[] { 4, 5 }],
            [
                [1, 4, 5],
            ]
        ),
        ["reshape, split"] = (
            OfTensor("reshape", typeof(long[])),
            [Input, new long[] { 2, 4, 3, 5 }],
            [
                [2, 12, 5],
            ]
        ),
        ["reshape, split and merge"] = (
            OfTensor("reshape", typeof(long[])),
            [Input, new long[] { 2, 3, -1 }],
            [
                [2, 6, 2, 5],
            ]
        ),
        ["reshape, unrelated"] = (
            OfTensor("reshape", typeof(long[])),
            [Input, new long[] { 3, 8 }],
            [
                [4, 6],
            ]
        ),
        ["torch.reshape"] = (
            OfTorch("reshape", typeof(Tensor), typeof(long[])),
            [Input, new long[] { 2, -1 }],
            [
                [2, 6, 3],
            ]
        ),
        ["flatten"] = (
            OfTensor("flatten", typeof(long), typeof(long)),
            [Input, 1L, -1L],
            [
                [2, 6, 3, 2],
            ]
        ),
        ["flatten all"] = (
            OfTorch("flatten", typeof(Tensor), typeof(long), typeof(long)),
            [Input, 0L, -1L],
            [
                [1, 6, 3],
            ]
        ),
        ["unflatten"] = (
            OfTensor("unflatten", typeof(long), typeof(long[])),
            [Input, 1L, new long[] { 4, 3 }],
            [
                [2, 12, 3],
            ]
        ),
        ["squeeze"] = (
            OfTensor("squeeze", typeof(long?)),
            [Input, 1L],
            [
                [2, 1, 6, 1],
            ]
        ),
        ["squeeze all"] = (
            OfTensor("squeeze", typeof(long?)),
            [Input, null],
            [
                [1, 6, 1, 3],
            ]
        ),
        ["unsqueeze"] = (
            OfTensor("unsqueeze", typeof(long)),
            [Input, -1L],
            [
                [6, 3],
            ]
        ),
        ["unsqueeze, behind the last"] = (
            OfTensor("unsqueeze", typeof(long)),
            [Input, 2L],
            [
                [6, 3],
            ]
        ),
        ["permute"] = (
            OfTensor("permute", typeof(long[])),
            [Input, new long[] { 0, -1, 1, 2 }],
            [
                [2, 3, 4, 5],
            ]
        ),
        ["transpose"] = (
            OfTensor("transpose", typeof(long), typeof(long)),
            [Input, 1L, -1L],
            [
                [2, 3, 4],
            ]
        ),
        ["swapaxes"] = (
            OfTorch("swapaxes", typeof(Tensor), typeof(long), typeof(long)),
            [Input, 0L, -1L],
            [
                [2, 3, 4],
            ]
        ),
        ["t"] = (
            OfTensor("t"),
            [Input],
            [
                [3, 4],
            ]
        ),
        ["T"] = (
            OfTensor("get_T"),
            [Input],
            [
                [3, 4],
            ]
        ),
        ["mT"] = (
            OfTensor("get_mT"),
            [Input],
            [
                [2, 3, 4],
            ]
        ),
        ["contiguous"] = (
            OfTensor("contiguous"),
            [Input],
            [
                [2, 5],
            ]
        ),
        ["clone"] = (
            OfTensor("clone"),
            [Input],
            [
                [2, 5],
            ]
        ),
        ["expand"] = (
            OfTensor("expand", typeof(long[])),
            [Input, new long[] { 4, -1, 5, 6 }],
            [
                [3, 1, 6],
            ]
        ),
        ["broadcast_to"] = (
            OfTensor("broadcast_to", typeof(long[])),
            [Input, new long[] { 4, 3, 5, 6 }],
            [
                [3, 1, 6],
            ]
        ),
        ["to"] = (
            OfTensor("to", typeof(ScalarType), typeof(bool), typeof(bool), typeof(bool)),
            [Input, ScalarType.Float32, true, false, false],
            [
                [2, 6, 3],
            ]
        ),
        ["type_as"] = (
            OfTensor("type_as", typeof(Tensor)),
            [Input, new InputRef(1)],
            [
                [2, 6, 3],
                [4],
            ]
        ),
        ["full_like"] = (
            OfTensor("full_like", typeof(Scalar), typeof(ScalarType?), typeof(Device), typeof(bool)),
            [Input, (Scalar)1.5, null, null, false],
            [
                [2, 6, 3],
            ]
        ),
        ["zeros_like"] = (
            OfTensor("zeros_like", typeof(ScalarType?), typeof(Device), typeof(bool)),
            [Input, null, null, false],
            [
                [2, 6, 3],
            ]
        ),
        ["ones_like"] = (
            OfTensor("ones_like", typeof(ScalarType?), typeof(Device), typeof(bool)),
            [Input, null, null, false],
            [
                [2, 6, 3],
            ]
        ),
        ["fill_"] = (
            OfTensor("fill_", typeof(Scalar)),
            [Input, (Scalar)(-0.5)],
            [
                [2, 6, 3],
            ]
        ),
        ["narrow"] = (
            OfTensor("narrow", typeof(long), typeof(long), typeof(long)),
            [Input, 1L, 2L, 4L],
            [
                [2, 8, 3],
            ]
        ),
        ["slice"] = (
            OfTensor("slice", typeof(long), typeof(long), typeof(long), typeof(long)),
            [Input, 1L, -5L, 100L, 1L],
            [
                [2, 8, 3],
            ]
        ),
        ["slice with step"] = (
            OfTensor("slice", typeof(long), typeof(long), typeof(long), typeof(long)),
            [Input, 1L, 0L, 8L, 2L],
            [
                [2, 8, 3],
            ]
        ),
        ["select"] = (
            OfTensor("select", typeof(long), typeof(long)),
            [Input, 1L, 0L],
            [
                [2, 3, 6],
            ]
        ),
        ["unbind"] = (
            OfTensor("unbind", typeof(long)),
            [Input, 1L],
            [
                [2, 3, 6],
            ]
        ),
        ["chunk"] = (
            OfTensor("chunk", typeof(long), typeof(long)),
            [Input, 2L, 1L],
            [
                [2, 8, 3],
            ]
        ),
        ["chunk, uneven"] = (
            OfTensor("chunk", typeof(long), typeof(long)),
            [Input, 3L, 1L],
            [
                [2, 8, 3],
            ]
        ),
        ["split by size"] = (
            OfTensor("split", typeof(long), typeof(int)),
            [Input, 3L, 1],
            [
                [2, 9, 3],
            ]
        ),
        ["split by sizes"] = (
            OfTensor("split", typeof(long[]), typeof(long)),
            [Input, new long[] { 2, 5, 1 }, -2L],
            [
                [2, 8, 3],
            ]
        ),
        ["split, params"] = (
            OfTensor("split", typeof(long[])),
            [Input, new long[] { 5, 4 }],
            [
                [9, 2],
            ]
        ),
        ["torch.split"] = (
            OfTorch("split", typeof(Tensor), typeof(long[]), typeof(long)),
            [Input, new long[] { 2, 6 }, 1L],
            [
                [2, 8, 3],
            ]
        ),
        ["tensor_split"] = (
            OfTensor("tensor_split", typeof(long), typeof(long)),
            [Input, 2L, 1L],
            [
                [2, 8, 3],
            ]
        ),
        ["tensor_split, boundaries"] = (
            OfTensor("tensor_split", typeof(long[]), typeof(long)),
            [Input, new long[] { 3, 5 }, 1L],
            [
                [2, 8, 3],
            ]
        ),
        ["cat"] = (
            OfTorch("cat", typeof(Tensor[]), typeof(long)),
            [Inputs(3), 1L],
            [
                [2, 3, 4],
                [2, 5, 4],
                [2, 1, 4],
            ]
        ),
        ["cat, last axis"] = (
            OfTorch("cat", typeof(IList<Tensor>), typeof(long)),
            [Inputs(2), -1L],
            [
                [2, 3, 4],
                [2, 3, 2],
            ]
        ),
        ["concatenate"] = (
            OfTorch("concatenate", typeof(Tensor[]), typeof(long)),
            [Inputs(2), 0L],
            [
                [2, 6],
                [3, 6],
            ]
        ),
        ["index, number"] = (
            OfTensor("get_TensorItems", typeof(long)),
            [Input, 1L],
            [
                [3, 6, 4],
            ]
        ),
        ["index, numbers"] = (
            OfTensor("get_TensorItems", typeof(long), typeof(long)),
            [Input, 1L, -1L],
            [
                [3, 4, 6],
            ]
        ),
        ["index, ranges"] = (
            OfTensor("get_TensorItems", typeof(TensorIndex[])),
            [Input, Ranges],
            [
                [3, 4, 2, 6],
            ]
        ),
        ["index, first half"] = (
            OfTensor("get_TensorItems", typeof(TensorIndex[])),
            [Input, new[] { TensorIndex.Ellipsis, TensorIndex.Slice(null, 4), TensorIndex.Colon }],
            [
                [2, 3, 8, 5],
            ]
        ),
        ["index, bounds from the end"] = (
            OfTensor("get_TensorItems", typeof(TensorIndex[])),
            [Input, new[] { TensorIndex.Colon, TensorIndex.Null, TensorIndex.Slice(-6, -1) }],
            [
                [2, 8, 5],
            ]
        ),
        ["index, two ranges and a step"] = (
            OfTensor("get_TensorItems", typeof(TensorIndex[])),
            [Input, new[] { TensorIndex.Slice(1, null), TensorIndex.Slice(2, 100), TensorIndex.Slice(0, 5, 2) }],
            [
                [4, 8, 5],
            ]
        ),
        ["stack"] = (
            OfTorch("stack", typeof(IEnumerable<Tensor>), typeof(long)),
            [Inputs(2), 1L],
            [
                [2, 6, 3],
                [2, 6, 3],
            ]
        ),
    };

    public static TheoryData<string> FunctionNames => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void ShapeFunction_FactsOnAnyAxis_IsExact(string name)
    {
        var (method, arguments, shapes) = Functions[name];
        for (int seed = 0; seed < 100; seed++)
        {
            new FunctionCheck(method, seed, arguments)
            {
                Sizes = [shapes],
                ConstantAxes = [.. shapes.Select(shape => seed % shape.Length)],
                UnusedAxis = seed / 4 % 4,
            }.Run();
        }
    }

    [Theory]
    [InlineData("view, merge", 1)]
    [InlineData("view, drop ones", 1)]
    [InlineData("view, add ones", 0)]
    [InlineData("reshape, split", 1)]
    [InlineData("reshape, split and merge", 1)]
    [InlineData("flatten", 1)]
    [InlineData("unflatten", 1)]
    [InlineData("unsqueeze", 0)]
    [InlineData("unsqueeze, behind the last", 1)]
    [InlineData("permute", 1)]
    [InlineData("expand", 0)]
    [InlineData("broadcast_to", 0)]
    [InlineData("to", 1)]
    [InlineData("full_like", 1)]
    [InlineData("fill_", 1)]
    [InlineData("narrow", 1)]
    [InlineData("slice", 1)]
    [InlineData("select", 2)]
    [InlineData("unbind", 2)]
    [InlineData("chunk", 1)]
    [InlineData("split by size", 1)]
    [InlineData("split by sizes", 1)]
    [InlineData("tensor_split, boundaries", 1)]
    [InlineData("cat", 1)]
    [InlineData("index, number", 1)]
    [InlineData("index, numbers", 2)]
    [InlineData("index, ranges", 0)]
    [InlineData("index, ranges", 3)]
    [InlineData("index, ranges", 1)]
    [InlineData("index, first half", 2)]
    [InlineData("index, bounds from the end", 1)]
    [InlineData("index, two ranges and a step", 0)]
    [InlineData("index, two ranges and a step", 1)]
    [InlineData("stack", 1)]
    public void ShapeFunction_WithConstantsEverywhere_Shrinks(string name, int axis)
    {
        var (method, arguments, shapes) = Functions[name];
        using var scope = NewDisposeScope();
        Tensor[] inputs = [.. shapes.Select(shape => zeros(shape))];
        object? result = Invoke(method, arguments, inputs);
        var names = method.GetParameters().Select(parameter => parameter.Name!);
        var recorded = (method.IsStatic ? names : names.Prepend("this")).Zip(arguments).ToDictionary(p => p.First, p => p.Second);
        var op = new LoneOperator(inputs, result is Tensor[] several ? several : [(Tensor)result!], [], recorded) { Method = method };
        IFunctionHandler handler = Harness.Handlers.For(FunctionKey.Of(method));
        for (int p = 0; p < inputs.Length; p++)
        {
            for (int i = 0; i < op.Input(p)[axis].Length; i++)
                op.Input(p)[axis].SetConstant(i, 1);
        }

        handler.InferFromInput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => handler.Constrain(op));

        Assert.True(op.Kept(AxisRef.OfInput(0, axis)).Count < inputs[0].shape[axis]);
    }

    /// <summary>The masked model's constant has rounded a little: near a step it may be cast to another number.</summary>
    [Theory]
    [InlineData(ScalarType.Int64, 0, 0)]
    [InlineData(ScalarType.Int64, 2, 2)]
    [InlineData(ScalarType.Int64, 2.9999, double.NaN)]
    [InlineData(ScalarType.Bool, 0.25, double.NaN)]
    [InlineData(ScalarType.Float64, 0.25, 0.25)]
    public void Cast_OfAConstant_HoldsWhereItsTypeDoes(ScalarType type, double constant, double expected)
    {
        MethodInfo method = OfTensor("to", typeof(ScalarType), typeof(bool), typeof(bool), typeof(bool));
        using var scope = NewDisposeScope();
        string[] names = ["this", .. method.GetParameters().Select(parameter => parameter.Name!)];
        object?[] arguments = [Input, type, false, false, false];
        Tensor value = randn(2, 3, 4);
        var recorded = names.Zip(arguments).ToDictionary(pair => pair.First, pair => pair.Second);
        var op = new LoneOperator([value], [value.to(type)], [], recorded) { Method = method };
        op.Input(0)[1].SetConstant(1, constant);

        Harness.Handlers.For(FunctionKey.Of(method)).InferFromInput(op);

        AxisFacts output = op.Output(0)[1];
        Assert.Equal(expected, output.IsConstant(1) ? output.ConstantAt(1) : double.NaN, 2);
    }

    [Fact]
    public void View_OfOneSampleIntoRows_SaysNothingOfTheRows()
    {
        var (method, arguments, shapes) = Functions["view, one sample into rows"];
        using var input = zeros(shapes[0]);
        var recorded = new Dictionary<string, object?> { ["this"] = Input, ["shape"] = arguments[1] };
        var op = new LoneOperator([input], [input.view(4, 5)], [], recorded) { Method = method };
        op.Input(0)[1].SetConstant(2, 1);
        op.Input(0)[2].SetConstant(3, 1);

        Harness.Handlers.For(FunctionKey.Of(method)).InferFromInput(op);

        Assert.False(op.Output(0)[0].AnyConstant);
        Assert.True(op.Output(0)[1].IsConstant(3));
    }

    [Fact]
    public void FlattenAndUnflatten_AsModules_AreExact()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            new ModuleCheck(nn.Flatten(), seed)
            {
                Sizes =
                [
                    [2, 6, 3, 2],
                    [1, 6, 3, 2],
                ],
            }.Run();
            new ModuleCheck(nn.Flatten(1, 2), seed)
            {
                Sizes =
                [
                    [2, 6, 3, 2],
                ],
                ConstantAxis = 3,
                UnusedAxis = 2,
            }.Run();
            new ModuleCheck(nn.Unflatten(1, [4, 3]), seed)
            {
                Sizes =
                [
                    [2, 12, 5],
                    [3, 12, 5],
                ],
            }.Run();
            new ModuleCheck(nn.Unflatten(1, [4, -1]), seed)
            {
                Sizes =
                [
                    [2, 12, 5],
                ],
            }.Run();
        }
    }

    private static object? Invoke(MethodInfo method, object?[] arguments, Tensor[] inputs)
    {
        object?[] values =
        [
            .. arguments.Select(argument =>
                argument is InputRef ? inputs[0]
                : argument is InputRef[] ? inputs
                : argument
            ),
        ];
        return method.IsStatic ? method.Invoke(null, values) : method.Invoke(values[0], values[1..]);
    }

    private static InputRef[] Inputs(int count) => [.. Enumerable.Range(0, count).Select(position => new InputRef(position))];

    private static MethodInfo OfTensor(string name, params Type[] parameters) => FunctionCheck.Find(typeof(Tensor), name, parameters);

    private static MethodInfo OfTorch(string name, params Type[] parameters) =>
        FunctionCheck.Find(typeof(TorchSharp.torch), name, parameters);
}
