using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class EmbeddingBagHandlerTests
{
    private const int Entries = 9;
    private const int Width = 6;
    private const int Seeds = 20;

    /// <summary>Mode, last offset included, padding entry.</summary>
    public static MatrixTheoryData<EmbeddingBagMode, bool, int> Options =>
        new([EmbeddingBagMode.Sum, EmbeddingBagMode.Mean, EmbeddingBagMode.Max], [false, true], [-1, 0, 4]);

    [Theory]
    [MemberData(nameof(Options))]
    public void EmbeddingBag_RandomColumns_IsExact(EmbeddingBagMode mode, bool includesLast, int padding)
    {
        int removed = 0;
        for (int seed = 0; seed < Seeds; seed++)
            removed += Run(mode, includesLast, padding, seed) ? 1 : 0;

        Assert.True(removed > Seeds / 2, $"removed something in {removed} of {Seeds} cases");
    }

    [Fact]
    public void EmbeddingBag_WithAConstantColumn_DoesNotCallItConstant()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using EmbeddingBag module = nn.EmbeddingBag(Entries, Width, mode: EmbeddingBagMode.Mean);
        module.weight!.narrow(1, 2, 1).fill_(0.5);
        module.weight!.narrow(1, 3, 1).fill_(0);
        Tensor bags = zeros([4, 2], dtype: ScalarType.Int64);
        var op = new LoneOperator([bags], [module.call(bags)], [new ParameterFacts("weight", module.weight!, null)]) { Module = module };

        Harness.Handlers.For(typeof(EmbeddingBag)).InferFromWeight(op);

        Assert.False(op.Output(0)[1].IsConstant(2)); // an empty bag is zero
        Assert.True(op.Output(0)[1].IsConstant(3));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2.0)]
    public void EmbeddingBag_WithMaxNorm_KeepsItsColumns(double? maxNorm)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using EmbeddingBag module = nn.EmbeddingBag(5, 4, max_norm: maxNorm);
        Tensor mask = ones(5, 4);
        mask.narrow(1, 0, 2).fill_(0);
        Tensor bags = zeros([3, 2], dtype: ScalarType.Int64);
        var op = new LoneOperator([bags], [module.call(bags)], [new ParameterFacts("weight", module.weight!, mask)]) { Module = module };
        Tensor before = module.weight!.clone();
        IModuleHandler handler = Harness.Handlers.For(typeof(EmbeddingBag));

        handler.InferFromWeight(op);
        handler.Relate(op);
        op.Plan(new Random(3), () => handler.Constrain(op), willingness: 1);

        Assert.True(before.equal(module.weight!).all().ToBoolean());
        Assert.Equal(maxNorm is null ? 2 : 4, op.Kept(AxisRef.OfOutput(0, 1)).Count);
    }

    private static bool Run(EmbeddingBagMode mode, bool includesLast, int padding, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(seed);
        var random = new Random(seed);
        using EmbeddingBag module = nn.EmbeddingBag(
            Entries,
            Width,
            mode: mode,
            include_last_offset: includesLast,
            padding_index: padding,
            dtype: ScalarType.Float64
        );
        if (padding >= 0)
            module.weight!.narrow(0, padding, 1).fill_(seed % 2 == 0 ? 0 : -3);
        Tensor mask = ones(Entries, Width, dtype: ScalarType.Float64);
        for (int i = 0; i < Width; i++)
            mask.narrow(1, i, 1).fill_(random.Next(2));
        Tensor dense = module.weight!.clone();
        Func<EmbeddingBag, Tensor>[] calls = [.. MakeCalls(mode, includesLast ? 7 : 2 + (seed % 5))];
        Tensor[] inputs = [randint(0, Entries, [4, 5], dtype: ScalarType.Int64)];
        var op = new LoneOperator(inputs, [module.call(inputs[0])], [new ParameterFacts("weight", module.weight!, mask)])
        {
            Module = module,
        };
        for (int i = 0; i < Width; i++)
        {
            if (random.Next(4) == 0)
                op.Output(0)[1].SetUnused(i);
        }

        IModuleHandler handler = Harness.Handlers.For(typeof(EmbeddingBag));
        handler.InferFromWeight(op);
        handler.InferFromOutput(op);
        handler.Relate(op);
        op.Plan(random, () => handler.Constrain(op));
        using var small = (EmbeddingBag?)handler.Replace(op)?.Build();

        Assert.True(dense.equal(module.weight!).all().ToBoolean());
        Tensor kept = tensor(op.Kept(AxisRef.OfOutput(0, 1)).Select(i => (long)i).ToArray());
        Assert.Equal(kept.shape[0] < Width, small is not null);
        module.weight!.copy_(dense * mask);
        foreach (Func<EmbeddingBag, Tensor> call in calls)
        {
            Tensor expected = call(module);
            Assert.True(expected.index_select(1, kept).equal(call(small ?? module)).all().ToBoolean());
            Assert.All(
                Enumerable.Range(0, Width).Where(op.Output(0)[1].IsConstant),
                i => Assert.True(expected.select(1, i).eq(0).all().ToBoolean())
            );
        }
        return small is not null;
    }

    /// <summary>A matrix of bags, bags by offsets (an empty one among them), and entries with weights.</summary>
    private static IEnumerable<Func<EmbeddingBag, Tensor>> MakeCalls(EmbeddingBagMode mode, long lastOffset)
    {
        Tensor matrix = randint(0, Entries, [4, 5], dtype: ScalarType.Int64);
        Tensor list = randint(0, Entries, [7], dtype: ScalarType.Int64);
        Tensor offsets = tensor(new long[] { 0, 2, 2, lastOffset });
        yield return module => module.call(matrix);
        yield return module => module.call(list, offsets);
        if (mode == EmbeddingBagMode.Sum)
        {
            Tensor weights = randn([7], dtype: ScalarType.Float64);
            yield return module => module.call(list, offsets, weights);
        }
    }
}
