using Speedup.Abstractions;
using Speedup.Core.Reporting;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>
/// Cases 4 and 5: seven of eight channels become positive constants, and padded convolutions read them. With zeros beyond the
/// border one channel must carry the constants; any other padding repeats them, and the bias takes them all.
/// </summary>
public sealed class BorderTests
{
    private static readonly long[][] Sizes =
    [
        [1, 3, 5, 5],
        [3, 3, 5, 5],
        [2, 3, 9, 14],
        [1, 3, 33, 20],
    ];

    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    public static TheoryData<PaddingModes, ScalarType> OtherPaddings =>
        new MatrixTheoryData<PaddingModes, ScalarType>(
            [PaddingModes.Reflect, PaddingModes.Replicate, PaddingModes.Circular],
            [ScalarType.Float32, ScalarType.Float64]
        );

    [Theory]
    [MemberData(nameof(Types))]
    public void ZeroPadding_AfterPositiveConstants_IsEqualOnTheBorderToo(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<PaddedChain> trial = Create(PaddingModes.Zeros, dtype);

        SpeedupReport report = trial.Run();

        Assert.Equal([2, 3, 3, 3], trial.Shape("conv1.weight")); // the living channel and the carrier
        Assert.Equal([6, 2, 3, 3], trial.Shape("conv2.weight"));
        Assert.Single(report.Kept.Where(kept => kept.Cause == KeepCause.Carrier).SelectMany(kept => kept.Indices));
        trial.AssertEqual(Sizes);
        foreach (long[] size in Sizes)
            Assert.InRange(BorderError(trial, size), 0, trial.Tolerance);
    }

    [Theory]
    [MemberData(nameof(OtherPaddings))]
    public void OtherPadding_AfterPositiveConstants_FoldsAllOfThemIntoTheBias(PaddingModes padding, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<PaddedChain> trial = Create(padding, dtype);

        SpeedupReport report = trial.Run();

        Assert.Equal([1, 3, 3, 3], trial.Shape("conv1.weight"));
        Assert.Equal([6, 1, 3, 3], trial.Shape("conv2.weight"));
        Assert.DoesNotContain(report.Kept, kept => kept.Cause == KeepCause.Carrier);
        trial.AssertEqual(Sizes);
        foreach (long[] size in Sizes)
            Assert.InRange(BorderError(trial, size), 0, trial.Tolerance);
    }

    private static Trial<PaddedChain> Create(PaddingModes padding, ScalarType dtype)
    {
        var trial = new Trial<PaddedChain>(() => new PaddedChain(padding), dtype, [2, 3, 9, 9], adjust: model => model.ShiftUp());
        trial.Masks.Add("conv1", 0, 1, 2, 3, 5, 6, 7);
        return trial;
    }

    /// <summary>The largest difference in a frame of two pixels, relative to the largest value there.</summary>
    private static double BorderError(Trial<PaddedChain> trial, long[] size)
    {
        using var scope = NewDisposeScope();
        (IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual) = trial.Outputs(size);
        Tensor frame = ones_like(expected[0]);
        (long height, long width) = (frame.shape[2], frame.shape[3]);
        if (height > 4 && width > 4)
            frame.narrow(2, 2, height - 4).narrow(3, 2, width - 4).zero_();
        Tensor difference = (expected[0] - actual[0]) * frame;
        return difference.abs().max().ToDouble() / (expected[0] * frame).abs().max().ToDouble();
    }

    /// <summary>3x3, BatchNorm, ReLU, 3x3, and 5x5 with stride 2.</summary>
    private sealed class PaddedChain : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d norm;
        private readonly ReLU relu;
        private readonly Conv2d conv2;
        private readonly Conv2d conv3;

        public PaddedChain(PaddingModes padding)
            : base(nameof(PaddedChain))
        {
            conv1 = nn.Conv2d(3, 8, 3, padding: 1);
            norm = nn.BatchNorm2d(8);
            relu = nn.ReLU();
            conv2 = nn.Conv2d(8, 6, 3, padding: 1, padding_mode: padding);
            conv3 = nn.Conv2d(6, 5, 5, stride: 2, padding: 2, padding_mode: padding);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => conv3.forward(conv2.forward(relu.forward(norm.forward(conv1.forward(input)))));

        /// <summary>Makes the constant of a masked channel positive: between 0.3 and 1.7 after BatchNorm, in each another one.</summary>
        public void ShiftUp()
        {
            using var scope = NewDisposeScope();
            Tensor constant = (conv1.bias! - norm.running_mean!) / (norm.running_var! + norm.eps).sqrt() * norm.weight!;
            norm.bias!.copy_(linspace(0.3, 1.7, 8, dtype: constant.dtype) - constant);
        }
    }
}
