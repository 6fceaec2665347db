using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Models and inputs of other types and layouts, with frozen parameters, and with hooks.</summary>
public sealed class TensorKindTests
{
    private static readonly (string, int[])[] Pruned =
    [
        ("first.weight", [0, 3, 4, 9]),
        ("first.bias", [0, 3, 4, 9]),
        ("second.weight", [1, 2, 6, 7, 11]),
    ];

    private static Tensor[] Inputs =>
        [
            .. from batch in new long[] { 1, 3, 7 } from size in new long[] { 12, 24, 36 } select randn(batch, 3, size, size - 3),
            randn(2, 3, 12, 12) * 100,
        ];

    /// <summary>Types that round more: what the masked model's own numbers are good for is asked of the small one.</summary>
    [Theory]
    [InlineData(ScalarType.Float64, 1e-10)]
    [InlineData(ScalarType.BFloat16, 3e-2)]
    [InlineData(ScalarType.Float16, 5e-3)]
    public void Speedup_OfAnotherType_ShrinksWithMasksInFloat32(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var small = (Plain)UnusualModel.Draw(new Plain()).to(dtype);
        using var masked = (Plain)UnusualModel.Draw(new Plain()).to(dtype);
        using MaskSet masks = MaskFactory.Set(
            MaskFactory.Rows(small, "first", 0, 3, 4, 9),
            MaskFactory.Rows(small, "second", 1, 2, 6, 7, 11)
        );
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(small, [randn(2, 3, 12, 12).to(dtype)], masks);

        Assert.True(small.state_dict()["second.weight"].shape[0] < 16);
        Assert.All(small.parameters(), parameter => Assert.Equal(dtype, parameter.dtype));
        foreach (Tensor input in Inputs[..^1])
            Assert.InRange(Numbers.RelativeError(masked.forward(input.to(dtype)), small.forward(input.to(dtype))), 0, tolerance);
    }

    [Fact]
    public void Speedup_OnAnInputOfAnotherType_IsRefusedAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        using Plain model = UnusualModel.Draw(new Plain());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 0, 3));
        Snapshot before = Snapshot.Of(model);

        var error = Assert.Throws<SpeedupException>(() => ModelSpeedup.Run(model, [randn([2, 3, 12, 12], ScalarType.Float64)], masks));

        Assert.Equal("SPD2002", error.Code);
        Assert.Contains("double", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, Snapshot.Of(model));
    }

    [Fact]
    public void Speedup_OnAnInputWithPermutedStrides_IsExact()
    {
        using var scope = NewDisposeScope();
        using Trial<Plain> trial = Run(() => new Plain(), randn(2, 12, 12, 3).permute(0, 3, 1, 2));

        AssertShrunkAndExact(trial);
        trial.AssertEqual(randn(3, 24, 36, 3).permute(0, 3, 1, 2));
    }

    [Fact]
    public void Speedup_OfParametersThatAreViews_IsExact()
    {
        using var scope = NewDisposeScope();
        using Trial<Plain> trial = Run(() =>
        {
            var model = new Plain();
            model.head.weight = nn.Parameter(randn(16, 4).t());
            return model;
        });

        AssertShrunkAndExact(trial);
    }

    [Fact]
    public void Speedup_OfFrozenParameters_LeavesThemFrozen()
    {
        using var scope = NewDisposeScope();
        using Trial<Plain> trial = Run(() =>
        {
            var model = new Plain();
            model.first.weight.requires_grad = false;
            model.norm.bias!.requires_grad = false;
            return model;
        });

        AssertShrunkAndExact(trial);
        string[] frozen = [.. trial.Small.named_parameters().Where(entry => !entry.parameter.requires_grad).Select(entry => entry.name)];
        Assert.Equal(["first.weight", "norm.bias"], frozen);
    }

    /// <summary>A hook may change what a layer yields: the layer stays, with its hook, and the rest shrinks.</summary>
    [Fact]
    public void Speedup_OfALayerWithAHook_LeavesTheLayerAndItsHook()
    {
        using var scope = NewDisposeScope();
        int calls = 0;
        using Trial<Plain> trial = Run(() =>
        {
            var model = new Plain();
            model.first.register_forward_hook(
                (_, _, output) =>
                {
                    calls++;
                    return output * 2;
                }
            );
            return model;
        });

        Assert.Equal(16, trial.RowsOf("first.weight"));
        Assert.Contains("first", trial.Report.Unshrunk.Select(module => module.Path));
        Assert.Contains(trial.Report.Notes, note => note.Contains("'first' has forward hooks", StringComparison.Ordinal));
        Assert.True(trial.RowsOf("second.weight") < 16);
        calls = 0;
        foreach (Tensor input in Inputs)
            trial.AssertEqual(input);
        Assert.Equal(2 * Inputs.Length, calls); // both models' hooks
    }

    private static Trial<Plain> Run(Func<Plain> make, Tensor? example = null) =>
        Trial<Plain>.Run(make, (model, inputs) => model.forward(inputs[0]), [example ?? randn(2, 3, 12, 12)], Pruned);

    private static void AssertShrunkAndExact(Trial<Plain> trial)
    {
        Assert.True(trial.RowsOf("first.weight") < 16);
        Assert.True(trial.RowsOf("second.weight") < 16);
        foreach (Tensor input in Inputs)
            trial.AssertEqual(input);
    }

    private sealed class Plain : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d first = nn.Conv2d(3, 16, 3, padding: 1);
        public readonly BatchNorm2d norm = nn.BatchNorm2d(16);
        public readonly Conv2d second = nn.Conv2d(16, 16, 3);
        public readonly Linear head = nn.Linear(16, 4);

        public Plain()
            : base(nameof(Plain))
        {
            using var _ = no_grad();
            norm.running_mean!.copy_(linspace(-0.5, 0.5, 16));
            norm.running_var!.copy_(linspace(0.5, 2, 16));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = nn.functional.relu(norm.forward(first.call(input)));
            return head.forward(nn.functional.relu(second.forward(x)).mean([2, 3]));
        }
    }
}
