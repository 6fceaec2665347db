using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Forward passes that put tensors into fields, as caches of masks and of position tables do.</summary>
public sealed class CachingModelTests
{
    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    [InlineData(true, 5)]
    public void Speedup_OfAModelThatCaches_LeavesTheCacheUsable(bool ranBefore, long lengthBefore)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Caching();
        using var masked = new Caching();
        if (ranBefore)
            model.call(randn(2, lengthBefore, 6));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 5));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(2, 4, 6)], masks);

        Assert.Equal(6, model.state_dict()["first.weight"].shape[0]);
        foreach (long length in new long[] { 4, 4, 7, 3 })
        {
            Tensor input = randn(3, length, 6);
            Assert.InRange(Numbers.RelativeError(masked.call(input), model.call(input)), 0, 1e-5);
        }
    }

    private sealed class Caching : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(6, 8);
        private readonly Linear second = nn.Linear(8, 6);
        private Tensor? positions;
        private readonly Dictionary<long, Tensor> scales = [];

        public Caching()
            : base(nameof(Caching))
        {
            RegisterComponents();
            manual_seed(41);
            using var _ = no_grad();
            foreach (Parameter parameter in this.parameters())
                parameter.normal_(0, 0.4);
            eval();
        }

        public override Tensor forward(Tensor input)
        {
            long length = input.shape[1];
            if (positions is null || positions.shape[0] != length)
            {
                positions?.Dispose();
                positions = linspace(0, 1, length).unsqueeze(1);
            }
            if (!scales.TryGetValue(length, out Tensor? scale))
                scales[length] = scale = full([1], 1.0 / length).DetachFromDisposeScope();
            return second.call(nn.functional.relu(first.call(input + positions))) * scale;
        }
    }
}
