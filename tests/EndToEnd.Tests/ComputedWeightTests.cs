using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EndToEnd.Tests;

/// <summary>Weights that a forward computes, or reads from a child that it does not call.</summary>
public sealed class ComputedWeightTests
{
    private static readonly int[] Even16 = [0, 2, 4, 6, 8, 10, 12, 14];

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Speedup_OfWeightNorm_ShrinksWhatIsNormalised(ScalarType type, double tolerance)
    {
        using var run = Run.Of(
            () => new NormalisedNet(),
            type,
            [randn(2, 8, 30)],
            model =>
                [Entry(model, "pre", "weight", 0, Even16), Entry(model, "c1", "weight_g", 0, Even16), Entry(model, "c1", "bias", 0, Even16)]
        );

        run.AssertShape("c1.weight_v", 8, 16, 3);
        run.AssertShape("c1.weight_g", 8, 1, 1);
        run.AssertShape("c2.weight", 12, 8, 3);
        run.AssertShape("pre.weight", 16, 8, 3); // its channels have a share in the norm
        run.AssertEqual(tolerance, [randn(1, 8, 60)], [randn(3, 8, 30) * 100], [randn(7, 8, 57)]);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Speedup_OfMergedAdapters_ShrinksInnerLayersAndAdapters(ScalarType type, double tolerance)
    {
        int[] even = Even16;
        using var run = Run.Of(
            () => new AdaptedNet(),
            type,
            [randn(4, 10)],
            model =>
                [
                    Entry(model, "a.inner", "weight", 0, even),
                    Entry(model, "a.inner", "bias", 0, even),
                    Entry(model, "a", "B", 0, even),
                    Entry(model, "b.inner", "weight", 0, even),
                    Entry(model, "b", "B", 0, even),
                ]
        );

        run.AssertShape("a.inner.weight", 8, 10);
        run.AssertShape("a.inner.bias", 8);
        run.AssertShape("a.B", 8, 4);
        run.AssertShape("b.A", 4, 8);
        run.AssertShape("b.inner.weight", 8, 8);
        run.AssertShape("head.weight", 5, 8);
        var inner = (Linear)run.Small.named_modules().Single(entry => entry.name == "a.inner").module;
        Assert.Equal([10, 8], [inner.in_features, inner.out_features]);
        run.AssertEqual(tolerance, [randn(1, 10)], [randn(2, 3, 10) * 100], [randn(7, 10)]);
    }

    [Fact]
    public void Speedup_OfMergedAdapters_LowersTheRank()
    {
        int[] odd = [1, 3];
        using var run = Run.Of(
            () => new AdaptedNet(),
            ScalarType.Float32,
            [randn(4, 10)],
            model => [Entry(model, "a", "A", 0, odd), Entry(model, "a", "B", 1, odd)]
        );

        run.AssertShape("a.A", 2, 10);
        run.AssertShape("a.B", 16, 2);
        run.AssertEqual(1e-5, [randn(1, 10)], [randn(2, 3, 10) * 100], [randn(7, 10)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Speedup_OfFakeQuantisation_ShrinksTheWeight(bool isChild)
    {
        string prefix = isChild ? ".conv" : "";
        using var run = Run.Of(
            () => new QuantisedNet(isChild),
            ScalarType.Float32,
            [randn(2, 3, 16, 16)],
            model =>
                [
                    Entry(model, "a" + prefix, "weight", 0, Even16),
                    Entry(model, "a" + prefix, "bias", 0, Even16),
                    Entry(model, "b" + prefix, "weight", 0, 1, 3, 5),
                ]
        );

        run.AssertShape($"a{prefix}.weight", 8, 3, 3, 3);
        run.AssertShape($"b{prefix}.weight", 17, 8, 3, 3);
        run.AssertEqual(1e-4, [randn(1, 3, 32, 32)], [randn(3, 3, 16, 16)], [randn(7, 3, 21, 18)]);
    }

    [Fact]
    public void Speedup_OfATiedEmbedding_ShrinksItsColumns()
    {
        int[] even = [.. Enumerable.Range(0, 12).Select(i => 2 * i)];
        using var run = Run.Of(
            () => new Tied(),
            ScalarType.Float32,
            [randint(0, 40, [2, 7])],
            model => [Entry(model, "emb", "weight", 1, even), Entry(model, "mid", "weight", 0, even), Entry(model, "mid", "bias", 0, even)]
        );

        run.AssertShape("emb.weight", 40, 12);
        run.AssertShape("mid.weight", 12, 12);
        run.AssertEqual(1e-5, [randint(0, 40, [1, 14])], [randint(0, 40, [3, 11])], [randint(0, 40, [7, 21])]);
    }

    [Fact]
    public void Speedup_OfAWeightInABuffer_TakesItsMask()
    {
        int[] rows = [1, 4, 5];
        using var run = Run.Of(() => new Buffered(), ScalarType.Float32, [randn(2, 6)], model => [Entry(model, "own", "weight", 0, rows)]);

        run.AssertShape("own.weight", 5, 6);
        run.AssertShape("last.weight", 4, 5);
        run.AssertEqual(1e-5, [randn(1, 6)], [randn(3, 6) * 100], [randn(7, 6)]);
    }

    private static MaskEntry Entry(Module model, string path, string parameter, int axis, params int[] pruned)
    {
        Tensor mask = ones(model.state_dict()[$"{path}.{parameter}"].shape).DetachFromDisposeScope();
        foreach (int index in pruned)
            mask.select(axis, index).zero_().Dispose();
        return new MaskEntry(path, parameter, mask);
    }

    /// <summary>A small and a masked model.</summary>
    private sealed record Run(Module<Tensor, Tensor> Small, Module<Tensor, Tensor> Masked, SpeedupReport Report, ScalarType Type)
        : IDisposable
    {
        private readonly DisposeScope _scope = NewDisposeScope();

        public static Run Of(
            Func<Module<Tensor, Tensor>> make,
            ScalarType type,
            Tensor[] example,
            Func<Module<Tensor, Tensor>, IEnumerable<MaskEntry>> masksOf
        )
        {
            using var _ = no_grad();
            Module<Tensor, Tensor> small = Draw(make, type);
            Module<Tensor, Tensor> masked = Draw(make, type);
            using var masks = new MaskSet([.. masksOf(small)]);
            Numbers.ApplyMasks(masked, masks);
            SpeedupReport report = ModelSpeedup.Run(small, [.. example.Select(tensor => Cast(tensor, type))], masks);
            return new Run(small, masked, report, type);
        }

        public void AssertShape(string name, params long[] shape)
        {
            IEnumerable<string> reasons = Report.Notes.Concat(Report.Kept.Select(kept => $"{kept.Operator} {kept.Axis}: {kept.Reason}"));
            Assert.True(
                Small.state_dict()[name].shape.SequenceEqual(shape),
                $"{name} is [{string.Join(", ", Small.state_dict()[name].shape)}]; {string.Join("; ", reasons)}"
            );
        }

        public void AssertEqual(double tolerance, params Tensor[][] inputs)
        {
            using var _ = no_grad();
            foreach (Tensor input in inputs.Concat(inputs).Select(tensors => Cast(tensors[0], Type)))
                Assert.InRange(Numbers.RelativeError(Masked.call(input), Small.call(input)), 0, tolerance);
        }

        public void Dispose()
        {
            Small.Dispose();
            Masked.Dispose();
            _scope.Dispose();
        }

        private static Tensor Cast(Tensor tensor, ScalarType type) => tensor.is_floating_point() ? tensor.to(type) : tensor;

        private static Module<Tensor, Tensor> Draw(Func<Module<Tensor, Tensor>> make, ScalarType type)
        {
            manual_seed(83);
            Module<Tensor, Tensor> model = make();
            model.to(type);
            model.eval();
            return model;
        }
    }

    private sealed class Normalised : Module<Tensor, Tensor>
    {
        private readonly Parameter weight_v;
        private readonly Parameter weight_g;
        private readonly Parameter bias;

        public Normalised(int inputs, int outputs)
            : base(nameof(Normalised))
        {
            weight_v = Parameter(randn(outputs, inputs, 3) * 0.2);
            weight_g = Parameter(rand(outputs, 1, 1) + 0.5);
            bias = Parameter(randn(outputs) * 0.3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            Tensor norm = (weight_v * weight_v).sum([1, 2], keepdim: true).sqrt();
            return functional.conv1d(x, weight_g * weight_v / norm, bias, padding: 1);
        }
    }

    private sealed class NormalisedNet : Module<Tensor, Tensor>
    {
        private readonly Conv1d pre = Conv1d(8, 16, 3, bias: false);
        private readonly Normalised c1 = new(16, 16);
        private readonly Conv1d c2 = Conv1d(16, 12, 3);
        private readonly Conv1d post = Conv1d(12, 2, 3);

        public NormalisedNet()
            : base(nameof(NormalisedNet)) => RegisterComponents();

        public override Tensor forward(Tensor x) =>
            post.call(c2.call(functional.leaky_relu(c1.call(functional.leaky_relu(pre.call(x), 0.1)), 0.1)));
    }

    private sealed class Adapted : Module<Tensor, Tensor>
    {
        private readonly Linear inner;
        private readonly Parameter A;
        private readonly Parameter B;

        public Adapted(int inputs, int outputs)
            : base(nameof(Adapted))
        {
            inner = Linear(inputs, outputs);
            A = Parameter(randn(4, inputs) * 0.2);
            B = Parameter(randn(outputs, 4) * 0.2);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => functional.linear(x, inner.weight + (matmul(B, A) * 0.5), inner.bias);
    }

    private sealed class AdaptedNet : Module<Tensor, Tensor>
    {
        private readonly Adapted a = new(10, 16);
        private readonly Adapted b = new(16, 16);
        private readonly Linear head = Linear(16, 5);

        public AdaptedNet()
            : base(nameof(AdaptedNet)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call(functional.gelu(b.call(functional.gelu(a.call(x)))));
    }

    private sealed class Quantised : Module<Tensor, Tensor>
    {
        private readonly Conv2d? conv;
        private readonly Parameter? weight;
        private readonly Parameter? bias;
        private readonly Tensor scale;

        public Quantised(int inputs, int outputs, bool isChild)
            : base(nameof(Quantised))
        {
            if (isChild)
                conv = Conv2d(inputs, outputs, 3, padding: 1);
            else
                (weight, bias) = (Parameter(randn(outputs, inputs, 3, 3) * 0.3), Parameter(randn(outputs) * 0.3));
            scale = (conv?.weight ?? weight!).abs().amax([1, 2, 3], true).detach() / 127;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            Tensor w = conv?.weight ?? weight!;
            Tensor quantised = w + ((w / scale).round().clamp(-127, 127) * scale - w).detach();
            return functional.conv2d(x, quantised, conv?.bias ?? bias, padding: [w.shape[2] / 2, w.shape[3] / 2]);
        }
    }

    private sealed class QuantisedNet : Module<Tensor, Tensor>
    {
        private readonly Quantised a;
        private readonly Quantised b;
        private readonly Linear head = Linear(20, 4);

        public QuantisedNet(bool isChild)
            : base(nameof(QuantisedNet))
        {
            a = new(3, 16, isChild);
            b = new(16, 20, isChild);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => head.call(functional.relu(b.call(functional.relu6(a.call(x)))).mean([2, 3]));
    }

    private sealed class Tied : Module<Tensor, Tensor>
    {
        private readonly Embedding emb = Embedding(40, 24);
        private readonly Linear mid = Linear(24, 24);
        private readonly Parameter outBias = Parameter(randn(40));

        public Tied()
            : base(nameof(Tied)) => RegisterComponents();

        public override Tensor forward(Tensor ids) => functional.linear(functional.relu(mid.call(emb.call(ids))), emb.weight!, outBias);
    }

    private sealed class BufferLinear : Module<Tensor, Tensor>
    {
        private readonly Tensor weight = randn(8, 6);

        public BufferLinear()
            : base(nameof(BufferLinear)) => RegisterComponents();

        public override Tensor forward(Tensor x) => x.matmul(weight.t());
    }

    private sealed class Buffered : Module<Tensor, Tensor>
    {
        private readonly BufferLinear own = new();
        private readonly Linear last = Linear(8, 4);

        public Buffered()
            : base(nameof(Buffered)) => RegisterComponents();

        public override Tensor forward(Tensor x) => last.call(own.call(x));
    }
}
