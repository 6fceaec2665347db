using Speedup.Core.Pipeline;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Scattered outputs around a norm with and without parameters: a norm that has none has nothing but statistics to be sliced.</summary>
public sealed class ScatteredNormTests
{
    private static readonly SpeedupOptions Scatters = new() { Scatter = ScatterPolicy.WhereFewerMacs };

    [Theory]
    [InlineData(true, ScalarType.Float32)]
    [InlineData(false, ScalarType.Float32)]
    [InlineData(false, ScalarType.Float64)]
    public void Speedup_OfTwoHalvesThatMeet_ShrinksWhatIsPrunedInBoth(bool affine, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        int[] rows = [.. Enumerable.Range(0, 20), .. Enumerable.Range(40, 20)];
        using Trial<Halves> trial = Trial<Halves>.Run(
            () => new Halves(affine),
            (model, inputs) => model.forward(inputs[0]),
            [randn(4, 6)],
            [("first.weight", rows)],
            Scatters,
            dtype
        );

        Assert.True(trial.RowsOf("first.weight") < 64);
        foreach (long batch in new long[] { 1, 3, 7 })
            trial.AssertEqual(randn(batch, 6));
        trial.AssertEqual(randn(4, 6) * 100);
    }

    [Fact]
    public void Speedup_OfANormWithoutParametersBehindASlice_IsExact()
    {
        using var scope = NewDisposeScope();
        using Trial<Sliced> trial = Trial<Sliced>.Run(
            () => new Sliced(),
            (model, inputs) => cat([.. model.forward(inputs[0]).Values.Select(output => output.flatten())]),
            [randn(2, 5, 6)],
            [("wide.weight", [0, 1, 5, 6]), ("middle.weight", [2, 3, 7]), ("inner.weight", [1, 4])],
            Scatters
        );

        foreach (long length in new long[] { 5, 10, 15 })
        foreach (long batch in new long[] { 1, 3, 7 })
            trial.AssertEqual(randn(batch, length, 6));
        trial.AssertEqual(randn(2, 5, 6) * 100);
    }

    private static BatchNorm1d Norm(long features, bool affine)
    {
        var norm = nn.BatchNorm1d(features, affine: affine);
        using var _ = no_grad();
        norm.running_mean!.copy_(linspace(-0.5, 0.5, features));
        norm.running_var!.copy_(linspace(0.5, 2, features));
        return norm;
    }

    private sealed class Halves : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(6, 64);
        private readonly BatchNorm1d norm;
        private readonly Linear last = nn.Linear(32, 4);

        public Halves(bool affine)
            : base(nameof(Halves))
        {
            norm = Norm(64, affine);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor[] halves = norm.forward(first.forward(input)).chunk(2, 1);
            return last.forward(halves[0] * halves[1]);
        }
    }

    /// <summary>A residual add inside of a lazy value, the last step of a sequence, halves that are multiplied, two outputs.</summary>
    private sealed class Sliced : nn.Module<Tensor, Dictionary<string, Tensor>>
    {
        private readonly Linear wide = nn.Linear(6, 8);
        private readonly Linear inner = nn.Linear(8, 6);
        private readonly Linear back = nn.Linear(6, 8);
        private readonly Linear middle = nn.Linear(8, 8);
        private readonly nn.Module<Tensor, Tensor> norm = Norm(8, affine: false);
        private readonly Linear gate = nn.Linear(4, 12);
        private readonly Linear join = nn.Linear(24, 8);
        private readonly Parameter scale = nn.Parameter(randn(8));
        private readonly Linear first = nn.Linear(8, 5);
        private readonly Linear second = nn.Linear(8, 5);

        public Sliced()
            : base(nameof(Sliced)) => RegisterComponents();

        public override Dictionary<string, Tensor> forward(Tensor input)
        {
            Tensor x = wide.forward(input);
            Tensor sum = new Lazy<Tensor>(() => x + back.forward(inner.forward(x).abs())).Value;
            Tensor steps = middle.forward(sum);
            Tensor[] halves = norm.forward(steps[.., -1]).chunk(2, 1);
            Tensor gated = gate.forward(halves[0] * halves[1]);
            Tensor joined = join.forward(cat([gated, gated], 1)) * scale;
            return new() { ["last"] = first.forward(joined), ["all"] = second.forward(steps) };
        }
    }
}
