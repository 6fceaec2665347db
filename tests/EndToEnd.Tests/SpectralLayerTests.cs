using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>A Fourier neural operator's layer: complex weights upon the low frequencies, functions without handlers between.</summary>
public sealed class SpectralLayerTests
{
    private static readonly int[] Even24 = [.. Enumerable.Range(0, 12).Select(i => 2 * i)];
    private static readonly int[] Even12 = [.. Enumerable.Range(0, 6).Select(i => 2 * i)];

    [Fact]
    public void Speedup_OfWhatFollowsTheSpectrum_Shrinks()
    {
        using var scope = NewDisposeScope();
        using Trial<Spectral> trial = Run([("projection.weight", Even24), ("projection.bias", Even24)]);

        Assert.Equal(12, trial.RowsOf("projection.weight"));
        AssertExact(trial);
    }

    [Fact]
    public void Speedup_OfTheSpectrumsOwnChannels_ShrinksOrSaysWhatStays()
    {
        using var scope = NewDisposeScope();
        using Trial<Spectral> trial = Run([("lift.weight", Even12), ("lift.bias", Even12)]);

        bool isShrunk = trial.RowsOf("lift.weight") < 12;
        Assert.True(isShrunk || trial.Report.Unshrunk.Any(line => line.Path == "lift" && line.Reason.Length > 0));
        AssertExact(trial);
    }

    private static Trial<Spectral> Run((string, int[])[] pruned) =>
        Trial<Spectral>.Run(() => new Spectral(), (model, inputs) => model.forward(inputs[0]), [randn(1, 2, 16, 16)], pruned);

    private static void AssertExact(Trial<Spectral> trial)
    {
        foreach (long batch in new long[] { 1, 3, 7 })
        foreach (long size in new long[] { 16, 24, 48 })
            trial.AssertEqual(randn(batch, 2, size, size - 4));
        trial.AssertEqual(randn(2, 2, 16, 16) * 100);
    }

    private sealed class Spectral : nn.Module<Tensor, Tensor>
    {
        private const int Modes = 4;
        private readonly Conv2d lift = nn.Conv2d(2, 12, 1);
        private readonly Conv2d skip = nn.Conv2d(12, 12, 1);
        private readonly Conv2d projection = nn.Conv2d(12, 24, 1);
        private readonly Conv2d last = nn.Conv2d(24, 1, 1);
        private readonly Parameter real = nn.Parameter(randn(12, 12, Modes, Modes));
        private readonly Parameter imaginary = nn.Parameter(randn(12, 12, Modes, Modes));

        public Spectral()
            : base(nameof(Spectral)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = lift.forward(input);
            Tensor spectrum = fft.rfft2(x);
            Tensor low = einsum("bixy,ioxy->boxy", spectrum[.., .., ..Modes, ..Modes], complex(real, imaginary));
            long[] borders = [0, 0, 0, spectrum.shape[3] - Modes, 0, spectrum.shape[2] - Modes];
            Tensor all = view_as_complex(nn.functional.pad(view_as_real(low), borders).contiguous());
            Tensor mixed = fft.irfft2(all, [x.shape[2], x.shape[3]]);
            return last.forward(nn.functional.gelu(projection.forward(nn.functional.gelu(mixed + skip.forward(x)))));
        }
    }
}
