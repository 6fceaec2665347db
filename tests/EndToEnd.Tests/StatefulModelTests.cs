using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Forward passes that write to buffers: the passes of the engine must not be seen in them, and each starts from the same state.</summary>
public sealed class StatefulModelTests
{
    [Fact]
    public void Speedup_OfAModelThatCounts_LeavesTheCountAlone()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Counting();
        using var masked = new Counting();
        model.call(randn(1, 3, 6, 6));
        masked.call(randn(1, 3, 6, 6));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv", 0, 4));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

        Assert.Equal(6, model.state_dict()["conv.weight"].shape[0]);
        Assert.Equal(1, model.state_dict()["passes"].ToSingle());
        Tensor input = randn(2, 3, 7, 5);
        Assert.InRange(Numbers.RelativeError(masked.call(input), model.call(input)), 0, 1e-5);
    }

    /// <summary>In evaluation mode it writes the mean of equal values back to its statistics, and that mean is rounded.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Speedup_OfInstanceNorm_LeavesItsStatisticsAlone(bool fails)
    {
        using var scope = NewDisposeScope();
        using Sequential model = nn.Sequential(
            ("conv", nn.Conv2d(3, 8, 1)),
            ("norm", nn.InstanceNorm2d(8, affine: true, track_running_stats: true)),
            ("head", nn.Conv2d(8, 2, 1))
        );
        model.eval();
        using (no_grad())
        {
            foreach ((_, Tensor buffer) in model.named_buffers().Where(entry => entry.buffer.is_floating_point()))
                buffer.uniform_(0.5, 1.5);
        }
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv", 2, 3));
        Tensor expected = model.state_dict()["norm.running_mean"].clone();
        var options = new SpeedupOptions
        {
            OtherInputs =
            [
                [randn(7, 3, 5, 5)],
                [randn(11, 3, 5, 5)],
            ],
            Tolerance = fails ? 1e-30 : null,
        };

        Exception? error = Record.Exception(() =>
            ModelSpeedup.Run(model, [randn(5, 3, 4, 4)], masks, hosting => hosting.Defaults = options)
        );

        Assert.Equal(fails, error is SpeedupException { Code: "SPD6001" });
        Tensor left = model.state_dict()["norm.running_mean"];
        Assert.Equal(
            (fails ? expected : expected.index_select(0, tensor(new long[] { 0, 1, 4, 5, 6, 7 }))).bytes.ToArray(),
            left.bytes.ToArray()
        );
    }

    internal sealed class Counting : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(3, 8, 3, padding: 1);
        private readonly Conv2d head = nn.Conv2d(8, 2, 1);
        private readonly Tensor passes = zeros(1);

        public Counting()
            : base(nameof(Counting))
        {
            register_buffer(nameof(passes), passes);
            RegisterComponents();
            SmallNetworks.Randomize(this, 5);
            using var _ = no_grad();
            foreach (Parameter parameter in this.parameters().Where(parameter => parameter.dim() > 1))
                parameter.normal_(0, 0.3);
        }

        public override Tensor forward(Tensor input)
        {
            passes.add_(1);
            return head.call(nn.functional.relu(conv.call(input))) * passes;
        }
    }
}
