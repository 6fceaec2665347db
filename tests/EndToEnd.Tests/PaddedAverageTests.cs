using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Averages over windows that reach beyond the border, of channels that are constant.</summary>
public sealed class PaddedAverageTests
{
    private const int Channels = 12;
    private static readonly int[] Pruned = [0, 3, 4, 7];

    /// <summary>
    /// Where the padding is counted, a constant that is not zero is smaller at the border: it stays, and zeros go. The biases of two of the four
    /// pruned channels are negative, so that these are zero after the ReLU.
    /// </summary>
    [Theory]
    [InlineData(false, false, 8)]
    [InlineData(true, false, 10)]
    [InlineData(false, true, 8)]
    [InlineData(true, true, 10)]
    public void ConstantChannels_ThroughAPaddedAverage_GoWhereTheyStayConstant(bool countsPadding, bool isModule, int left)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var small = new Net(countsPadding, isModule);
        using var masked = new Net(countsPadding, isModule);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(small, "first", Pruned));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(small, [randn(2, 3, 8, 8)], masks);

        Assert.Equal(left, small.state_dict()["first.weight"].shape[0]);
        foreach (long batch in new long[] { 1, 3, 7 })
        foreach (double scale in new[] { 1, 1, 100 })
        {
            Tensor input = randn(batch, 3, 16, 24) * scale;
            Assert.InRange(Numbers.RelativeError(masked.forward(input), small.forward(input)), 0, 1e-5);
        }
    }

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, Channels, 3);
        private readonly AvgPool2d pool;
        private readonly Conv2d last = nn.Conv2d(Channels, 4, 1);
        private readonly bool countsPadding;
        private readonly bool isModule;

        public Net(bool countsPadding, bool isModule)
            : base(nameof(Net))
        {
            this.countsPadding = countsPadding;
            this.isModule = isModule;
            pool = nn.AvgPool2d(3, stride: 2, padding: 1, count_include_pad: countsPadding);
            RegisterComponents();
            manual_seed(4);
            using var _ = no_grad();
            foreach (Parameter parameter in parameters())
                parameter.normal_(0, 0.3);
            foreach ((int i, int channel) in Pruned.Index())
                first.bias!.narrow(0, channel, 1).fill_(i % 2 == 0 ? -0.5 : 0.5);
            eval();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input).relu();
            return last.forward(
                isModule ? pool.forward(x) : nn.functional.avg_pool2d(x, 3, stride: 2, padding: 1, count_include_pad: countsPadding)
            );
        }
    }
}
