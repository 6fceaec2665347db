using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class ActivationHandlerTests
{
    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Modules = new()
    {
        ["ReLU"] = () => nn.ReLU(),
        ["ReLU inplace"] = () => nn.ReLU(inplace: true),
        ["ReLU6"] = () => nn.ReLU6(),
        ["LeakyReLU"] = () => nn.LeakyReLU(0.2),
        ["ELU"] = () => nn.ELU(1.3),
        ["CELU"] = () => nn.CELU(1.3),
        ["SELU"] = () => nn.SELU(),
        ["GELU"] = () => nn.GELU(),
        ["GELU tanh"] = () => nn.GELU(approximate: TorchSharp.Modules.GELU.Approximate.tanh),
        ["SiLU"] = () => nn.SiLU(),
        ["Mish"] = () => nn.Mish(),
        ["Sigmoid"] = () => nn.Sigmoid(),
        ["LogSigmoid"] = () => nn.LogSigmoid(),
        ["Hardsigmoid"] = () => nn.Hardsigmoid(),
        ["Hardswish"] = () => nn.Hardswish(),
        ["Hardtanh"] = () => nn.Hardtanh(-0.3, 0.6),
        ["Hardshrink"] = () => nn.Hardshrink(0.4),
        ["Softplus"] = () => nn.Softplus(2),
        ["Softshrink"] = () => nn.Softshrink(0.4),
        ["Softsign"] = () => nn.Softsign(),
        ["Tanh"] = () => nn.Tanh(),
        ["Tanhshrink"] = () => nn.Tanhshrink(),
        ["Threshold"] = () => nn.Threshold(0.1, 2),
        ["RReLU"] = () => nn.RReLU(),
        ["Dropout"] = () => nn.Dropout(),
        ["Dropout1d"] = () => nn.Dropout1d(),
        ["AlphaDropout"] = () => nn.AlphaDropout(),
        ["FeatureAlphaDropout"] = () => nn.FeatureAlphaDropout(),
        ["Identity"] = () => nn.Identity(),
        ["PReLU 1"] = () => nn.PReLU(1),
        ["PReLU C"] = () => nn.PReLU(6),
        ["GLU 1"] = () => nn.GLU(1),
        ["GLU -1"] = () => nn.GLU(-1),
    };

    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Mixing = new()
    {
        ["Softmax"] = () => nn.Softmax(1),
        ["LogSoftmax"] = () => nn.LogSoftmax(-1),
        ["Softmin"] = () => nn.Softmin(2),
        ["Softmax2d"] = () => nn.Softmax2d(),
    };

    public static TheoryData<string> ModuleNames => [.. Modules.Keys];

    public static TheoryData<string> MixingNames => [.. Mixing.Keys];

    [Theory]
    [MemberData(nameof(ModuleNames))]
    public void Activation_OnConstants_IsExactAndShrinks(string name)
    {
        int removed = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            bool shrinks = new ModuleCheck(Modules[name](), seed)
            {
                Sizes =
                    name == "GLU -1"
                        ?
                        [
                            [2, 3, 8],
                        ]
                        :
                        [
                            [2, 6, 4],
                            [3, 6, 2],
                        ],
                ConstantAxis = name == "GLU -1" ? 2 : 1,
                UnusedAxis = name == "GLU -1" ? 2 : 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 20, $"removed something in {removed} of 60 cases");
    }

    [Theory]
    [MemberData(nameof(MixingNames))]
    public void Softmax_OnAnyAxis_IsExact(string name)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            new ModuleCheck(Mixing[name](), seed)
            {
                Sizes =
                [
                    [2, 6, 4, 3],
                ],
                ConstantAxis = seed % 4,
                UnusedAxis = seed / 4 % 4,
            }.Run();
        }
    }

    [Fact]
    public void PReLU_OnAnotherAxisThanItsOwn_IsExact()
    {
        for (int seed = 0; seed < 60; seed++)
            new ModuleCheck(nn.PReLU(4), seed)
            {
                Sizes =
                [
                    [2, 4, 6],
                ],
                ConstantAxis = 2,
                UnusedAxis = 2,
            }.Run();
    }

    [Fact]
    public void ActivationFunctions_AllOfThem_AreExact()
    {
        IFunctionHandler handler = Harness.Handlers.For(new FunctionKey(typeof(F), "relu"));
        int count = 0;
        foreach (var method in handler.Functions.SelectMany(key => key.DeclaringType.GetMethods().Where(m => m.Name == key.Name)))
        {
            object?[]? arguments = Arguments(method);
            if (arguments is null)
                continue;
            new FunctionCheck(method, seed: count++, arguments)
            {
                Sizes =
                [
                    [
                        [2, 6, 3],
                    ],
                    [
                        [1, 6, 4],
                    ],
                ],
                ConstantAxes = [1],
                UnusedAxis = 1,
            }.Run();
        }

        Assert.True(count > 140, $"{count} overloads");
    }

    [Theory]
    [InlineData("dropout")]
    [InlineData("dropout1d")]
    [InlineData("dropout2d")]
    [InlineData("dropout3d")]
    [InlineData("alpha_dropout")]
    [InlineData("feature_alpha_dropout")]
    public void DropoutFunctions_OutOfTraining_AreExactAndShrink(string name)
    {
        int removed = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            bool inplace = seed % 2 == 0 && name == "dropout";
            int rank = name == "dropout3d" ? 5 : 3;
            bool shrinks = new FunctionCheck(typeof(F).GetMethod(name)!, seed, new InputRef(0), 0.5, false, inplace)
            {
                Sizes =
                [
                    [
                        [2, 6, .. Enumerable.Repeat(3L, rank - 2)],
                    ],
                ],
                ConstantAxes = [1],
                UnusedAxis = 1,
            }.Run();
            removed += shrinks ? 1 : 0;
        }

        Assert.True(removed > 8, $"removed something in {removed} of 20 cases");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DropoutFunction_RemovesOnlyWhereItIsNotRandom(bool training)
    {
        var method = FunctionCheck.Find(typeof(F), "dropout", typeof(Tensor), typeof(double), typeof(bool), typeof(bool));
        using var input = randn(2, 6, 3);
        var recorded = new Dictionary<string, object?> { ["input"] = new InputRef(0), ["training"] = training };
        var op = new LoneOperator([input], [input], [], recorded) { Method = method };
        IFunctionHandler handler = Harness.Handlers.For(FunctionKey.Of(method));
        op.Input(0)[1].SetConstant(2, 0.5);

        handler.InferFromInput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => { });

        Assert.Equal(!training, op.Output(0)[1].IsConstant(2));
        Assert.Equal(!training, op.RemovedCount > 0);
    }

    [Fact]
    public void SoftmaxAndGluFunctions_AreExact()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Run(FunctionCheck.Find(typeof(F), "softmax", typeof(Tensor), typeof(long), typeof(ScalarType?)), new InputRef(0), 1L, null);
            Run(FunctionCheck.Find(typeof(Tensor), "softmax", typeof(long), typeof(ScalarType?)), new InputRef(0), -1L, null);
            Run(FunctionCheck.Find(typeof(F), "glu", typeof(Tensor), typeof(long)), new InputRef(0), -1L);
            Run(FunctionCheck.Find(typeof(Tensor), "glu", typeof(long)), new InputRef(0), 1L);

            void Run(System.Reflection.MethodInfo method, params object?[] arguments) =>
                new FunctionCheck(method, seed, arguments)
                {
                    Sizes =
                    [
                        [
                            [2, 6, 4],
                        ],
                    ],
                    ConstantAxes = [1 + (seed % 2)],
                    UnusedAxis = 1 + (seed / 2 % 2),
                }.Run();
        }
    }

    /// <summary>Made-up arguments; null for overloads with a second tensor.</summary>
    private static object?[]? Arguments(System.Reflection.MethodInfo method)
    {
        var arguments = new List<object?>();
        if (!method.IsStatic)
            arguments.Add(new InputRef(0));
        foreach (var parameter in method.GetParameters())
        {
            Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            bool isFirst = arguments.Count == 0;
            if (typeof(Tensor).IsAssignableFrom(type) && !isFirst)
                return null;
            arguments.Add(
                isFirst ? new InputRef(0)
                : type == typeof(bool) ? false
                : type == typeof(Scalar) ? (parameter.Name!.Contains("max", StringComparison.Ordinal) ? (Scalar)0.8 : (Scalar)0.3)
                : type == typeof(double) ? (parameter.HasDefaultValue ? parameter.DefaultValue : 0.7)
                : type.IsEnum ? Enum.ToObject(type, 1)
                : parameter.DefaultValue
            );
        }
        return [.. arguments];
    }
}
