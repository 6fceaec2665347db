using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>
/// Case 14: a U-Net whose way up are transposed convolutions, with groups or without. Output padding adds a line that the kernel
/// reaches in part only, and lets odd sizes meet again at the joins.
/// </summary>
public sealed class UNetTests
{
    private static readonly long[][] OddSizes =
    [
        [1, 3, 27, 19],
        [3, 3, 27, 19],
        [2, 3, 11, 35],
    ];
    private static readonly long[][] EvenSizes =
    [
        [1, 3, 24, 16],
        [3, 3, 24, 16],
        [2, 3, 8, 36],
    ];

    public static TheoryData<int, int, ScalarType> Cases =>
        new MatrixTheoryData<int, int, ScalarType>([1, 4], [0, 1], [ScalarType.Float32, ScalarType.Float64]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void UNet_WithMasksOnEveryConvolution_IsEqualAndSmaller(int groups, int outputPadding, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        long[][] sizes = outputPadding == 1 ? OddSizes : EvenSizes;
        using var trial = new Trial<UNet>(() => new UNet(groups, outputPadding), dtype, sizes[0]);
        trial.Masks.AddRandomHalf((path, _) => path != "last");
        if (groups > 1)
            AlignGroups(trial.Masks, groups);

        SpeedupReport report = trial.Run();

        foreach (string up in (string[])["up1", "up2"])
        {
            long perGroup = 16 / groups;
            int carriers = groups; // at most one in each group
            Assert.InRange(trial.Shape(up + ".weight")[0], 8, 8 + carriers);
            Assert.InRange(trial.Shape(up + ".weight")[1], perGroup / 2, (perGroup / 2) + 1);
        }
        Assert.Equal(
            trial.Shape("left2.weight")[0] + (trial.Shape("up2.weight")[1] * groups),
            trial.Shape("right2.weight")[1] // what is joined
        );
        Assert.True(report.ParametersAfter < 0.5 * report.ParametersBefore);
        trial.AssertEqual(sizes);
    }

    /// <summary>The same places in every group, in what the transposed convolutions write and in what they read.</summary>
    private static void AlignGroups(RowMasks masks, int groups)
    {
        int perGroup = 16 / groups;
        int[] rows = [.. Enumerable.Range(0, 16).Where(row => row % perGroup < perGroup / 2)];
        foreach (string path in (string[])["up1", "up2", "bottom", "right2"])
            masks.Add(path, rows);
    }

    private sealed class UNet : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d left1;
        private readonly BatchNorm2d norm1;
        private readonly Conv2d left2;
        private readonly BatchNorm2d norm2;
        private readonly Conv2d bottom;
        private readonly ConvTranspose2d up2;
        private readonly Conv2d right2;
        private readonly BatchNorm2d norm3;
        private readonly ConvTranspose2d up1;
        private readonly Conv2d right1;
        private readonly Conv2d last;

        public UNet(int groups, int outputPadding)
            : base(nameof(UNet))
        {
            left1 = nn.Conv2d(3, 16, 3, padding: 1);
            norm1 = nn.BatchNorm2d(16);
            left2 = nn.Conv2d(16, 16, 3, padding: 1, bias: false);
            norm2 = nn.BatchNorm2d(16);
            bottom = nn.Conv2d(16, 16, 3, padding: 1);
            up2 = nn.ConvTranspose2d(16, 16, 2, stride: 2, output_padding: outputPadding, groups: groups);
            right2 = nn.Conv2d(32, 16, 3, padding: 1);
            norm3 = nn.BatchNorm2d(16);
            up1 = nn.ConvTranspose2d(16, 16, 2, stride: 2, output_padding: outputPadding, groups: groups);
            right1 = nn.Conv2d(32, 16, 3, padding: 1);
            last = nn.Conv2d(16, 2, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor outer = norm1.forward(left1.forward(input)).relu();
            Tensor inner = norm2.forward(left2.forward(nn.functional.max_pool2d(outer, 2))).relu();
            Tensor x = nn.functional.leaky_relu(bottom.forward(nn.functional.max_pool2d(inner, 2)), 0.1);
            x = norm3.forward(right2.forward(cat([inner, up2.forward(x)], 1))).relu();
            x = right1.forward(cat([outer, up1.forward(x)], 1)).relu();
            return last.forward(x);
        }
    }
}
