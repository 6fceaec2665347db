using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
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
        ["half a turn of rows and columns"] = (x => x.rot90(2, (2, 3)), 8),
        ["half a turn of channels and rows"] = (x => x.rot90(2, (1, 2)), 8),
        ["cumulative trapezoids of rows"] = (x => x.cumulative_trapezoid(1, 2), 10), // two channels are zero after ReLU; the constants of the others grow from row to row
        ["two tensors"] = (x => x * x.isclose(x.rot90(2, (2, 3))), 8),
        ["in place"] = (x => x.frac_(), 8),
        ["truths"] = (x => x * x.isneginf().logical_not(), 8),
        ["the second of rows, and where it is"] = (x => x.kthvalue(2, 2, true).values, 8),
        ["copied into another tensor"] = (x => empty_like(x).fill_(3).copy_(x), 8),
        ["shape of another tensor"] = (x => (x * 2).flatten(2).view_as(x), 8),
        ["into a slice"] = (DoubleRows, 10), // here and below the two constants that are not zero become no constants
        ["deviation"] = (x => x / (x.std([2, 3], keepdim: true) + 1), 8),
        ["complex numbers"] = (x => view_as_real(view_as_complex(stack([x, x.flip(3)], -1)) * 2).select(-1, 0), 10),
        ["spectrum"] = (x => fft.ifft2(fft.fft2(x)).real, 10),
        ["roll of channels"] = (x => x.rot90(2, (2, 3)).roll(2, 1), 12),
        ["number that varies"] = (x => x * x.amax().to(x.dtype).clamp(0.5, 2), 12),
        ["many truths"] = (
            x => x * hstack([.. Enumerable.Repeat(x.isneginf().logical_not(), 24)])[TensorIndex.Colon, TensorIndex.Slice(0, 12)],
            12
        ),
        ["mixture of channels"] = (x => x.cumulative_trapezoid(1, 1).repeat(1, 2, 1, 1).narrow(1, 0, 12), 12),
        ["sort by value"] = (x => x.sort(1).Values, 12),
        ["noise"] = (x => x + binomial(ones_like(x), ones_like(x) * 0.5).mul(0), 12),
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
        using var model = new Net(x => x.rot90(2, (2, 3)));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 8, 8)], masks);

        Assert.Contains(report.Notes, note => note.Contains("rot90") && note.Contains("no handler"));
        Assert.Empty(report.Barriers);
    }

    [Fact]
    public void Speedup_WithProbingOff_KeepsWhatTheFunctionTouches()
    {
        using var scope = NewDisposeScope();
        using var model = new Net(x => x.rot90(2, (2, 3)));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));

        SpeedupReport report = ModelSpeedup.Run(
            model,
            [randn(2, 3, 8, 8)],
            masks,
            options => options.Defaults = new() { ProbeFunctions = false }
        );

        Assert.Equal(Channels, model.state_dict()["conv1.weight"].shape[0]);
        Assert.Contains(report.Barriers, barrier => barrier.Operator.Contains("rot90"));
    }

    /// <summary>
    /// Which numbers are within a million of the first channel's: at the model's numbers it varies, at those that the function is run on all of
    /// the constants that are larger are not. What running it showed is then wrong.
    /// </summary>
    [Fact]
    public void Speedup_WhereRunningTheFunctionMisleads_KeepsWhatItTouches()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Net(x => x * IsNearTheFirst(x * 1e7));
        using var masked = new Net(x => x * IsNearTheFirst(x * 1e7));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 3, 4, 7));
        Numbers.ApplyMasks(masked, masks);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 8, 8)], masks);

        Tensor input = randn(3, 3, 8, 8);
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, 1e-5);
        Assert.Equal(Channels, model.state_dict()["conv1.weight"].shape[0]);
        Assert.Contains(report.Barriers, barrier => barrier.Operator.Contains("isclose"));

        static Tensor IsNearTheFirst(Tensor x) => isclose(x, x.narrow(1, 0, 1), atol: 1e6);
    }

    /// <summary>Functions that do one thing to numbers around one, and another to those of an image.</summary>
    public static TheoryData<string> Unsteady => [.. UnsteadyFunctions.Keys];

    private static Dictionary<string, Func<Tensor, Tensor>> UnsteadyFunctions { get; } =
        new()
        {
            ["near the first channel, in absolute numbers"] = x => x * isclose(x, x.narrow(1, 0, 1), rtol: 0, atol: 20),
            ["far from the first channel, in small numbers"] = x => x * isclose(x * 1e-3, x.narrow(1, 0, 1) * 1e-3, rtol: 0, atol: 4e-3),
            ["where the first channel is large"] = x => x * (x.narrow(1, 0, 1) * 0.01).heaviside(zeros(1, dtype: x.dtype)),
        };

    /// <summary>Probed at one scale, the constants of the pruned channels would seem to stay constants.</summary>
    [Theory]
    [MemberData(nameof(Unsteady))]
    public void Speedup_ThroughAFunctionThatDependsOnTheScale_IsExactAtEveryScale(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Net(UnsteadyFunctions[name]);
        using var masked = new Net(UnsteadyFunctions[name]);
        model.to(ScalarType.Float64); // in which no rounding decides what is near
        masked.to(ScalarType.Float64);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", Pruned));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(2, 3, 8, 8, dtype: ScalarType.Float64)], masks);

        foreach (double scale in new[] { 1e-3, 1, 100, 1000, -100 })
        foreach (long batch in new long[] { 1, 3, 7 })
        {
            Tensor input = (randn(batch, 3, 16, 16, dtype: ScalarType.Float64) + (scale < 0 ? 2 : 0)) * scale;
            Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, 1e-10);
        }
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
        using var model = new Net(x => x * x.isclose(x.rot90(2, (2, 3))));
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
