using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class EmbeddingHandlerTests
{
    [Fact]
    public void Embedding_RandomColumns_IsExact()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            manual_seed(seed);
            var random = new Random(seed);
            using var module = nn.Embedding(9, 6, dtype: ScalarType.Float64);
            Tensor mask = ones(9, 6, dtype: ScalarType.Float64);
            for (int i = 0; i < 6; i++)
                mask.narrow(1, i, 1).fill_(random.Next(2));
            Tensor tokens = randint(0, 9, [4, 5], dtype: ScalarType.Int64);
            Tensor dense = module.weight!.clone();
            var op = new LoneOperator([tokens], [module.forward(tokens)], [new ParameterFacts("weight", module.weight!, mask)])
            {
                Module = module,
            };
            bool[] unused = [.. Enumerable.Range(0, 6).Select(_ => random.Next(4) == 0)];
            for (int i = 0; i < 6; i++)
            {
                if (unused[i])
                    op.Output(0)[2].SetUnused(i);
            }

            IModuleHandler handler = Harness.Handlers.For(module.GetType());
            handler.InferFromWeight(op);
            handler.InferFromOutput(op);
            handler.Relate(op);
            op.Plan(random, () => handler.Constrain(op));
            using nn.Module? replaced = handler.Replace(op)?.Build();
            var small = (TorchSharp.Modules.Embedding)(replaced ?? module);
            long[] kept = [.. op.Kept(AxisRef.OfOutput(0, 2)).Select(i => (long)i)];

            Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(mask[0, i].ToDouble() == 0, op.Output(0)[2].IsConstant(i)));
            Assert.Equal(kept.Length < 6, replaced is not null);
            if (replaced is null)
                continue;
            Tensor expected = (dense * mask)[tokens].index_select(2, tensor(kept));
            Assert.True(expected.equal(small.forward(tokens)).all().ToBoolean());
            Tensor saved = Assert.Single(small.named_parameters()).parameter;
            Assert.True((dense * mask).index_select(1, tensor(kept)).equal(saved).all().ToBoolean());
            Assert.True(dense.equal(module.weight!).all().ToBoolean());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2.0)]
    public void Embedding_WithMaxNorm_KeepsItsColumns(double? maxNorm)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var module = nn.Embedding(5, 4, max_norm: maxNorm);
        Tensor mask = ones(5, 4);
        mask.narrow(1, 0, 2).fill_(0);
        Tensor tokens = zeros(3, dtype: ScalarType.Int64);
        var op = new LoneOperator([tokens], [module.forward(tokens)], [new ParameterFacts("weight", module.weight!, mask)])
        {
            Module = module,
        };
        Tensor before = module.weight!.clone();
        TorchSharp.Modules.Parameter own = Assert.Single(module.named_parameters()).parameter;
        IModuleHandler handler = Harness.Handlers.For(module.GetType());

        handler.InferFromWeight(op);
        handler.Relate(op);
        using (NewDisposeScope())
            op.Plan(new Random(3), () => handler.Constrain(op));

        Assert.Same(own, Assert.Single(module.named_parameters()).parameter);
        Assert.False(own.IsInvalid);
        Assert.True(before.equal(module.weight!).all().ToBoolean());
        if (maxNorm is not null)
            Assert.Equal(4, op.Kept(AxisRef.OfOutput(0, 1)).Count);
        else
            Assert.True(op.Kept(AxisRef.OfOutput(0, 1)).Count < 4);
    }
}
