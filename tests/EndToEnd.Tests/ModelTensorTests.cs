using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Parameters and buffers that a forward uses by itself are sliced with the channels that they belong to.</summary>
public sealed class ModelTensorTests
{
    private static readonly int[] Pruned = [0, 3, 7];

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Speedup_WherePositionsTokenAndScaleArePrunedToo_SlicesThem(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Tokens(11);
        using var masked = new Tokens(11);
        model.to(dtype);
        masked.to(dtype);
        using MaskSet masks = MaskFactory.Set(
            MaskFactory.Rows(model, "stem", Pruned),
            Columns(model, "stem", "bias", 0),
            Columns(model, "", "positions", 2),
            Columns(model, "", "token", 2),
            Columns(model, "", "gamma", 0)
        );
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn([2, 3, 4, 4], dtype: dtype)], masks);

        Tensor input = randn([3, 3, 4, 4], dtype: dtype);
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, tolerance);
        Dictionary<string, Tensor> state = model.state_dict();
        Assert.Equal([1, 17, 9], state["positions"].shape);
        Assert.Equal([1, 1, 9], state["token"].shape);
        Assert.Equal([9], state["gamma"].shape);
        Assert.Equal([9], state["shift"].shape);
        Assert.Equal([20, 9], state["up.weight"].shape);
        Assert.Equal(dtype, state["gamma"].dtype);
        Assert.True(model.gamma.requires_grad);
        Assert.Same(model.gamma, model.get_parameter("gamma"));
    }

    [Fact]
    public void Speedup_WherePositionsStay_KeepsTheChannels()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Tokens(12);
        using var masked = new Tokens(12);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "stem", Pruned), Columns(model, "stem", "bias", 0));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(2, 3, 4, 4)], masks);

        Tensor input = randn(3, 3, 4, 4);
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, 1e-5);
        Assert.Equal([1, 17, 12], model.state_dict()["positions"].shape);
        Assert.Equal([12, 3, 1, 1], model.state_dict()["stem.weight"].shape);
    }

    [Fact]
    public void Speedup_OfFreeTensors_LeavesNoTensorsBehind()
    {
        using var scope = NewDisposeScope();
        using var model = new Tokens(13);
        using MaskSet masks = MaskFactory.Set(
            MaskFactory.Rows(model, "stem", Pruned),
            Columns(model, "", "positions", 2),
            Columns(model, "", "token", 2)
        );
        Tensor input = randn(2, 3, 4, 4);
        ModelSpeedup.Run(model, [input], MaskSet.Empty);
        var originals = new Originals(model);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        ModelSpeedup.Run(model, [input], masks);
        originals.DisposeReplaced();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Speedup_ThatFails_PutsFreeTensorsBack()
    {
        using var scope = NewDisposeScope();
        using var model = new Tokens(14);
        using MaskSet masks = MaskFactory.Set(
            MaskFactory.Rows(model, "stem", Pruned),
            Columns(model, "stem", "bias", 0),
            Columns(model, "", "positions", 2),
            Columns(model, "", "token", 2),
            Columns(model, "", "gamma", 0)
        );
        Snapshot before = Snapshot.Of(model);
        Parameter gamma = model.gamma;

        Assert.Throws<Speedup.Abstractions.SpeedupException>(() =>
            ModelSpeedup.Run(model, [randn(2, 3, 4, 4)], masks, options => options.Defaults = new() { Tolerance = -1 })
        );

        Assert.Equal(before, Snapshot.Of(model));
        Assert.Same(gamma, model.gamma);
    }

    private static MaskEntry Columns(nn.Module model, string path, string parameter, int axis)
    {
        string name = path.Length == 0 ? parameter : $"{path}.{parameter}";
        Tensor mask = ones(model.state_dict()[name].shape).DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        foreach (int index in Pruned)
            mask.select(axis, index).zero_();
        return new MaskEntry(path, parameter, mask);
    }

    /// <summary>Patches, a class token, positions, a residual block with a scale for each channel, and a shift in a buffer.</summary>
    private sealed class Tokens : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d stem = nn.Conv2d(3, 12, 1);
        private readonly Parameter positions;
        private readonly Parameter token;
        public readonly Parameter gamma;
        private readonly Tensor shift;
        private readonly Linear up = nn.Linear(12, 20);
        private readonly Linear down = nn.Linear(20, 12);
        private readonly Linear head = nn.Linear(12, 5);

        public Tokens(int seed)
            : base(nameof(Tokens))
        {
            manual_seed(seed);
            using var scope = NewDisposeScope();
            positions = new Parameter(randn(1, 17, 12).DetachFromDisposeScope());
            token = new Parameter(randn(1, 1, 12).DetachFromDisposeScope());
            gamma = new Parameter(randn(12).DetachFromDisposeScope());
            shift = randn(12).DetachFromDisposeScope();
            RegisterComponents();
            manual_seed(seed);
            using var _ = no_grad();
            foreach (Parameter parameter in parameters())
                parameter.normal_(0, 0.5);
            shift.normal_();
            eval();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = stem.forward(input).flatten(2).transpose(1, 2);
            x = cat([token.expand(input.shape[0], -1, -1), x], 1) + positions;
            x = x + down.forward(nn.functional.gelu(up.forward(x * (1 + shift)))) * gamma;
            return head.forward(x.mean([1]));
        }
    }
}
