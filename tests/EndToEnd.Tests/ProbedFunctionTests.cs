using Speedup.Core.Hosting;
using Speedup.Core.Masks;
using Speedup.Core.Reporting;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Functions that no plugin handles: what they do to indices is found by running them.</summary>
public sealed class ProbedFunctionTests
{
    private const int Channels = 12;
    private static readonly int[] Pruned = [0, 3, 4, 7];

    /// <summary>Functions, and how many channels are left of 12 where 4 are pruned and constant.</summary>
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Call, int Left)> Functions = new()
    {
        ["roll of rows"] = (x => x.roll(1, 2), 8),
        ["flip of columns"] = (x => x.flip(3), 8),
        ["flip of channels"] = (x => x.flip(1), 8),
        ["cumulative sum of rows"] = (x => x.cumsum(2), 10), // two channels are zero after ReLU; the constants of the others grow from row to row
        ["two tensors"] = (x => x.logaddexp(x.flip(2)), 8),
        ["in place"] = (x => x.fmod_(x.flip(2).exp()), 8),
        ["truths"] = (x => x * x.isfinite(), 8),
        ["the larger ones of rows, and where they are"] = (x => x.topk(2, 2).values, 8),
        ["largest of rows, given as a tuple"] = (x => x - x.cummax(2).values, 8),
        ["copied into another tensor"] = (x => empty_like(x).fill_(3).copy_(x), 8),
        ["shape of another tensor"] = (x => (x * 2).flatten(2).view_as(x), 8),
        ["into a slice"] = (DoubleRows, 10), // here and below the two constants that are not zero become no constants
        ["deviation"] = (x => x / (x.std([2, 3], keepdim: true) + 1), 8),
        ["complex numbers"] = (x => view_as_real(view_as_complex(stack([x, x.flip(3)], -1)) * 2).select(-1, 0), 10),
        ["spectrum"] = (x => fft.ifft2(fft.fft2(x)).real, 10),
        ["number that varies"] = (x => x * x.amax().to(x.dtype).clamp(0.5, 2), 12),
        ["many truths"] = (x => x * hstack([.. Enumerable.Repeat(x.isfinite(), 24)])[TensorIndex.Colon, TensorIndex.Slice(0, 12)], 12),
        ["mixture of channels"] = (x => x.cumsum(1), 12),
        ["roll of channels"] = (x => x.roll(2, 1), 12),
        ["sort by value"] = (x => x.sort(1).Values, 12),
        ["repeat of channels"] = (x => x.repeat_interleave(2, 1)[TensorIndex.Colon, TensorIndex.Slice(0, 12)], 12),
        ["noise"] = (x => x + x.clone().bernoulli_(0.5).mul(0), 12),
    };

    public static TheoryData<string, ScalarType, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, ScalarType, double>();
            foreach (string name in Functions.Keys)
            {
                cases.Add(name, ScalarType.Float32, 1e-5);
                cases.Add(name, ScalarType.Float64, 1e-10);
            }
            return cases;
        }
    }

    private static Tensor DoubleRows(Tensor x)
    {
        Tensor y = x.clone();
        y[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(1, 3)] =
            x[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(1, 3)] * 2;
        return y;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Speedup_ThroughAFunctionWithoutHandler_IsExact(string name, ScalarType dtype, double tolerance)
    {
        (Func<Tensor, Tensor> call, int left) = Functions[name];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Net(call);
        using var masked = new Net(call);
        model.to(dtype);
        masked.to(dtype);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn([2, 3, 8, 8], dtype: dtype)], masks);

        foreach (long size in new long[] { 8, 11 })
        {
            Tensor input = randn([3, 3, size, size], dtype: dtype);
            Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, tolerance);
        }
        Assert.Equal(left, model.state_dict()["conv1.weight"].shape[0]);
        Assert.Equal(left, model.state_dict()["conv2.weight"].shape[1]);
    }

    [Fact]
    public void Speedup_ThroughAFunctionWithoutHandler_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var model = new Net(x => x.flip(2));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 8, 8)], masks);

        Assert.Contains(report.Notes, note => note.Contains("flip") && note.Contains("no handler"));
        Assert.Empty(report.Barriers);
    }

    [Fact]
    public void Speedup_WithProbingOff_KeepsWhatTheFunctionTouches()
    {
        using var scope = NewDisposeScope();
        using var model = new Net(x => x.flip(2));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));

        SpeedupReport report = ModelSpeedup.Run(
            model,
            [randn(2, 3, 8, 8)],
            masks,
            options => options.Defaults = new() { ProbeFunctions = false }
        );

        Assert.Equal(Channels, model.state_dict()["conv1.weight"].shape[0]);
        Assert.Contains(report.Barriers, barrier => barrier.Operator.Contains("flip"));
    }

    /// <summary>
    /// A largest norm mixes all channels of a sample, but only where it is exceeded: by the model's numbers, not by those that the function
    /// is run on. What running it showed is then wrong.
    /// </summary>
    [Fact]
    public void Speedup_WhereRunningTheFunctionMisleads_KeepsWhatItTouches()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Net(x => (x * 1000).renorm(2, 0, 6000));
        using var masked = new Net(x => (x * 1000).renorm(2, 0, 6000));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));
        Numbers.ApplyMasks(masked, masks);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 8, 8)], masks);

        Tensor input = randn(3, 3, 8, 8);
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, 1e-5);
        Assert.Equal(Channels, model.state_dict()["conv1.weight"].shape[0]);
        Assert.Contains(report.Barriers, barrier => barrier.Operator.Contains("renorm"));
    }

    [Fact]
    public void Speedup_WithConvolutionByFunction_SlicesItsParameters()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new ByFunction();
        using var masked = new ByFunction();
        Tensor rows = ones(10, 6, 1, 1);
        Tensor biases = ones(10);
        foreach (int row in new[] { 1, 2, 8 })
        {
            rows[row].zero_();
            biases[row] = 0;
        }
        using var masks = new MaskSet([new MaskEntry("", "kernel", rows.alias()), new MaskEntry("", "shift", biases.alias())]);
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(2, 6, 5, 5)], masks);

        Tensor input = randn(3, 6, 7, 7);
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, 1e-5);
    }

    [Fact]
    public void Probing_LeavesNoTensorsAndTheRandomStateAlone()
    {
        using var scope = NewDisposeScope();
        using var model = new Net(x => x.logaddexp(x.flip(2)));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));
        Tensor input = randn(2, 3, 8, 8);
        ModelSpeedup.Run(model, [input], MaskSet.Empty);
        var originals = new Originals(model);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Tensor state = get_rng_state();

        ModelSpeedup.Run(model, [input], masks);
        originals.DisposeReplaced();

        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(state.Equals(get_rng_state()));
    }

    /// <summary>conv, norm, ReLU, a function, conv.</summary>
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> function;
        private readonly Conv2d conv1 = nn.Conv2d(3, Channels, 3, padding: 1);
        private readonly BatchNorm2d norm = nn.BatchNorm2d(Channels);
        private readonly Conv2d conv2 = nn.Conv2d(Channels, 5, 1);

        public Net(Func<Tensor, Tensor> function)
            : base(nameof(Net))
        {
            this.function = function;
            RegisterComponents();
            SmallNetworks.Randomize(this, 5);
            using var _ = no_grad();
            foreach (Parameter parameter in parameters().Where(parameter => parameter.dim() == 4))
                parameter.normal_(0, 0.3);
        }

        public override Tensor forward(Tensor input) => conv2.forward(function(nn.functional.relu(norm.forward(conv1.forward(input)))));
    }

    /// <summary>A convolution whose weight is a parameter of the user's.</summary>
    private sealed class ByFunction : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter kernel;
        private readonly Parameter shift;
        private readonly Conv2d conv = nn.Conv2d(10, 4, 1);

        public ByFunction()
            : base(nameof(ByFunction))
        {
            manual_seed(8);
            kernel = new Parameter(randn(10, 6, 1, 1).DetachFromDisposeScope());
            shift = new Parameter(randn(10).DetachFromDisposeScope());
            RegisterComponents();
            using var _ = no_grad();
            conv.weight!.normal_();
            conv.bias!.normal_();
            eval();
        }

        public override Tensor forward(Tensor input) => conv.forward(nn.functional.conv2d(input, kernel, shift));
    }
}
