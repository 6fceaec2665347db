using Plugins.Handlers.Tests.Harness;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Plugins.Handlers.Tests;

public sealed class BilinearHandlerTests
{
    private const int Seeds = 150;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bilinear_RandomMasks_IsExact(bool hasBias)
    {
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using Bilinear module = nn.Bilinear(5, 4, 6, hasBias);
            removed += new ModuleCallCheck<Bilinear>(module, seed, (bilinear, inputs) => bilinear.forward(inputs[0], inputs[1]))
            {
                Sizes =
                [
                    [
                        [2, 3, 5],
                        [2, 3, 4],
                    ],
                    [
                        [7, 3, 5],
                        [7, 3, 4],
                    ],
                ],
                ConstantAxes = seed % 4 == 0 ? [1, 1] : [2, 2],
                UnusedAxis = seed % 3 == 0 ? 1 : 2,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 2, $"removed something in {removed} of {Seeds} cases");
    }

    [Fact]
    public void Bilinear_WithConstantsOnOneSide_KeepsOneCarrier()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Bilinear module = nn.Bilinear(4, 3, 2, dtype: ScalarType.Float64);
        Tensor[] inputs = [randn([5, 4], dtype: ScalarType.Float64), randn([5, 3], dtype: ScalarType.Float64)];
        double[] constants = [0.5, -2, 0, 1];
        for (int i = 0; i < 3; i++)
            inputs[0].narrow(1, i, 1).fill_(constants[i]);
        Tensor expected = module.forward(inputs[0], inputs[1]);
        ParameterFacts[] parameters = [new("weight", module.weight!, null), new("bias", module.bias!, null)];
        var op = new LoneOperator(inputs, [expected], parameters) { Module = module };
        for (int i = 0; i < 3; i++)
            op.Input(0)[1].SetConstant(i, constants[i]);
        IModuleHandler handler = Harness.Handlers.For(typeof(Bilinear));

        handler.InferFromInput(op);
        handler.InferFromOutput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => handler.Constrain(op), willingness: 1);
        using var small = (Bilinear)handler.Replace(op)!.Build()!;

        Assert.Equal([1, 3], op.Kept(AxisRef.OfInput(0, 1))); // the largest constant carries, the zero goes
        Assert.Equal([2L, 2, 3], small.weight!.shape);
        Tensor actual = small.forward(inputs[0].index_select(1, tensor(new long[] { 1, 3 })), inputs[1]);
        Assert.True((actual - expected).abs().max().ToDouble() < 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BilinearFunction_RandomFacts_IsExact(bool hasBias)
    {
        var method = FunctionCheck.Find(typeof(F), nameof(F.bilinear), typeof(Tensor), typeof(Tensor), typeof(Tensor), typeof(Tensor));
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            long[][] shapes =
            [
                [2, 3, 5],
                [2, 3, 4],
                [6, 5, 4],
                .. hasBias ? new long[][] { [6] } : [],
            ];
            removed += new FunctionCheck(method, seed, new InputRef(0), new InputRef(1), new InputRef(2), hasBias ? new InputRef(3) : null)
            {
                Sizes = [shapes],
                ConstantAxes = seed % 3 == 0 ? [1, 1, 0, 0] : [2, 2, seed % 3, 0],
                UnusedAxis = seed % 2 == 0 ? 1 : 2,
            }.Run()
                ? 1
                : 0;
        }

        Assert.True(removed > Seeds / 4, $"removed something in {removed} of {Seeds} cases");
    }
}
