using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Modules.Pruned;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Residual adds of which one side only is pruned.</summary>
public sealed class ScatterTests
{
    private const int Width = 48;
    private static readonly int[] Pruned = [.. Enumerable.Range(0, 30)];

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Speedup_OfOneSideOfAnAdd_ScattersItsOutput(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Loose();
        using var masked = new Loose();
        model.to(dtype);
        masked.to(dtype);
        using MaskSet masks = Masks(model);
        Numbers.ApplyMasks(masked, masks);

        SpeedupReport report = Run(model, randn([2, 3, 8, 8], dtype: dtype), masks);

        Compare(masked, model, dtype, tolerance);
        Dictionary<string, Tensor> state = model.state_dict();
        Assert.Equal([Width - 30, Width, 3, 3], state["conv2.weight"].shape);
        Assert.Equal([Width - 30], state["norm2.inner.weight"].shape);
        Assert.Equal([Width, 3, 3, 3], state["stem.weight"].shape);
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), report.ParametersAfter);
        LayerReport norm = report.Layers.Single(layer => layer.Path == "norm2");
        Assert.Equal([Width - 30], norm.ShapesAfter["weight"]);
        Assert.True(norm.MacsAfter < norm.MacsBefore);
        Assert.Contains(report.Notes, note => note.StartsWith("norm2", StringComparison.Ordinal) && note.Contains("18 channels of 48"));
    }

    [Fact]
    public void Speedup_OfTheResult_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = new Loose();
        using MaskSet masks = Masks(model);
        Tensor input = randn(2, 3, 8, 8);
        Run(model, input, masks);
        Snapshot before = Snapshot.Of(model);

        Run(model, input, MaskSet.Empty);

        Assert.Equal(before, Snapshot.Of(model));
    }

    [Fact]
    public void Speedup_OfTheResultWithNewMasks_IsExact()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Loose();
        using var masked = new Loose();
        using MaskSet first = Masks(model);
        Numbers.ApplyMasks(masked, first);
        Run(model, randn(2, 3, 8, 8), first);
        using MaskSet second = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 1, 5, 9));
        Numbers.ApplyMasks(masked, second);

        Run(model, randn(2, 3, 8, 8), second);

        Compare(masked, model, ScalarType.Float32, 1e-5);
        Assert.True(model.state_dict()["conv1.weight"].shape[0] < Width);
    }

    /// <summary>The groups of the second convolution keep equal counts, and so channels that both sides of the add could do without.</summary>
    [Fact]
    public void Speedup_WhereTheModuleInsideKeepsMore_KeepsItOutsideToo()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Loose(groups: 2);
        using var masked = new Loose(groups: 2);
        int[] uneven = [.. Enumerable.Range(0, 20), .. Enumerable.Range(Width / 2, 10)];
        using MaskSet masks = MaskFactory.Set(
            MaskFactory.Rows(model, "conv2", uneven),
            MaskFactory.Rows(model, "stem", [.. Enumerable.Range(0, 20)])
        );
        Numbers.ApplyMasks(masked, masks);

        Run(model, randn(2, 3, 8, 8), masks);

        Compare(masked, model, ScalarType.Float32, 1e-5);
        Assert.Equal(Width - 20, model.state_dict()["conv2.weight"].shape[0]);
        Assert.Equal([Width - 20], model.state_dict()["norm2.inner.weight"].shape);
        Assert.Equal(Width - 10, model.state_dict()["stem.weight"].shape[0]); // the other ten of its masked channels go
    }

    [Fact]
    public void Speedup_ThatMustNotScatter_KeepsTheChannels()
    {
        using var scope = NewDisposeScope();
        using var model = new Loose();
        using MaskSet masks = Masks(model);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 8, 8)], masks, options => options.Defaults = new());

        Assert.Equal(Width, model.state_dict()["norm2.weight"].shape[0]);
        Assert.Contains(
            report.Kept,
            kept => kept.Cause == KeepCause.Aligned && kept.Operator.StartsWith("norm2", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Speedup_WhereMovingCostsMoreThanComputing_KeepsTheChannels()
    {
        using var scope = NewDisposeScope();
        using var model = new Loose();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv2", 4));

        Run(model, randn(2, 3, 8, 8), masks);

        Assert.Equal(Width, model.state_dict()["norm2.weight"].shape[0]);
    }

    [Fact]
    public void Speedup_WhereFieldsAreNarrow_KeepsTheChannels()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Narrow();
        using var masked = new Narrow();
        using MaskSet masks = Masks(model);
        Numbers.ApplyMasks(masked, masks);

        Run(model, randn(2, 3, 8, 8), masks);

        Compare(masked, model, ScalarType.Float32, 1e-5);
        Assert.Equal(Width, model.state_dict()["norm2.weight"].shape[0]);
    }

    [Fact]
    public void Speedup_ThatMeasures_IsExactWhateverItChooses()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Loose();
        using var masked = new Loose();
        using MaskSet masks = Masks(model);
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(2, 3, 8, 8)], masks, options => options.Defaults = new() { Scatter = ScatterPolicy.WhereFaster });

        Compare(masked, model, ScalarType.Float32, 1e-5);
        Assert.Contains(model.state_dict()["conv2.weight"].shape[0], new long[] { Width - 30, Width });
    }

    [Fact]
    public void Speedup_ThatFails_PutsTheModulesBack()
    {
        using var scope = NewDisposeScope();
        using var model = new Loose();
        using MaskSet masks = Masks(model);
        Snapshot before = Snapshot.Of(model);

        Assert.Throws<SpeedupException>(() =>
            ModelSpeedup.Run(
                model,
                [randn(2, 3, 8, 8)],
                masks,
                options => options.Defaults = new() { Scatter = ScatterPolicy.WhereFewerMacs, Tolerance = -1 }
            )
        );

        Assert.Equal(before, Snapshot.Of(model));
    }

    [Fact]
    public void Speedup_WithScatteredOutputs_LeavesOnlyTheirTensors()
    {
        using var scope = NewDisposeScope();
        using var model = new Loose();
        using MaskSet masks = Masks(model);
        Tensor input = randn(2, 3, 8, 8);
        Run(model, input, MaskSet.Empty);
        var originals = new Originals(model);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Run(model, input, masks);
        originals.DisposeReplaced();

        Assert.Equal(before + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount); // places and constants
    }

    [Fact]
    public void ScatteredOutput_OfOnePosition_LeavesItsConstantsAlone()
    {
        using var scope = NewDisposeScope();
        var module = new ScatteredOutput(nn.Linear(3, 2), 1, tensor(new long[] { 2, 0 }), tensor(new float[] { 7, 8, 9 }));
        Tensor input = randn(1, 3);

        Tensor first = module.forward(input);

        Tensor narrow = module.Inner.forward(input);
        Assert.Equal(narrow[0, 1].ToSingle(), first[0, 0].ToSingle());
        Assert.Equal(8, first[0, 1].ToSingle());
        Assert.Equal(narrow[0, 0].ToSingle(), first[0, 2].ToSingle());
        Assert.Equal(new float[] { 7, 8, 9 }, module.get_buffer("constants")!.data<float>().ToArray());
    }

    [Fact]
    public void ScatteredOutput_OfOtherTensors_IsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => new ScatteredOutput(nn.Linear(3, 2), 1, tensor(new float[] { 1 }), ones(3)));
        Assert.Throws<ArgumentException>(() => new ScatteredOutput(nn.Linear(3, 2), 1, tensor(new long[] { 1 }), ones(3, 1)));
    }

    private static SpeedupReport Run(nn.Module model, Tensor input, MaskSet masks) =>
        ModelSpeedup.Run(model, [input], masks, options => options.Defaults = new() { Scatter = ScatterPolicy.WhereFewerMacs });

    private static MaskSet Masks(nn.Module model) => MaskFactory.Set(MaskFactory.Rows(model, "conv2", Pruned));

    private static void Compare(nn.Module<Tensor, Tensor> masked, nn.Module<Tensor, Tensor> small, ScalarType dtype, double tolerance)
    {
        foreach (long size in new long[] { 8, 11 })
        {
            Tensor input = randn([3, 3, size, size], dtype: dtype);
            Assert.InRange(Numbers.RelativeError(masked.forward(input), small.forward(input)), 0, tolerance);
        }
    }

    private static void Draw(nn.Module model)
    {
        SmallNetworks.Randomize(model, 21);
        using var _ = no_grad();
        foreach (Parameter parameter in model.parameters().Where(parameter => parameter.dim() > 1))
            parameter.normal_(0, 0.1);
    }

    /// <summary>A residual block whose modules are declared by what they do.</summary>
    private sealed class Loose : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> stem = nn.Conv2d(3, Width, 3, padding: 1);
        private readonly nn.Module<Tensor, Tensor> conv1 = nn.Conv2d(Width, Width, 3, padding: 1);
        private readonly nn.Module<Tensor, Tensor> norm1 = nn.BatchNorm2d(Width);
        private readonly nn.Module<Tensor, Tensor> conv2;
        private readonly nn.Module<Tensor, Tensor> norm2 = nn.BatchNorm2d(Width);
        private readonly nn.Module<Tensor, Tensor> head = nn.Conv2d(Width, 5, 3, padding: 1);

        public Loose(int groups = 1)
            : base(nameof(Loose))
        {
            conv2 = nn.Conv2d(Width, Width, 3, padding: 1, groups: groups);
            RegisterComponents();
            Draw(this);
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = stem.call(input);
            Tensor y = norm2.call(conv2.call(nn.functional.relu(norm1.call(conv1.call(x)))));
            return head.call(nn.functional.relu(x + y));
        }
    }

    /// <summary>The same, declared by type.</summary>
    private sealed class Narrow : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d stem = nn.Conv2d(3, Width, 3, padding: 1);
        private readonly Conv2d conv2 = nn.Conv2d(Width, Width, 3, padding: 1);
        private readonly BatchNorm2d norm2 = nn.BatchNorm2d(Width);
        private readonly Conv2d head = nn.Conv2d(Width, 5, 3, padding: 1);

        public Narrow()
            : base(nameof(Narrow))
        {
            RegisterComponents();
            Draw(this);
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = stem.forward(input);
            return head.forward(nn.functional.relu(x + norm2.forward(conv2.forward(x))));
        }
    }
}
