using Speedup.Abstractions;
using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Code that reads the length of one tensor and uses it for another, which does not shrink with it.</summary>
public sealed class BorrowedSizeTests
{
    [Fact]
    public void Speedup_OfAttentionThatBorrowsItsInputsWidth_KeepsThatWidthAndNoMore()
    {
        using var scope = NewDisposeScope();
        using Twin<Attention> twin = Twin<Attention>.Speed(
            () => new Attention(),
            randn(2, 3, 6, 6),
            ("stem", [1, 2, 6]),
            ("enter", [0, 5]),
            ("project", [3]),
            ("head", [1])
        );

        twin.AssertEqual(randn(1, 3, 8, 5));
        Assert.Equal([9, 16, 48, 15], new[] { "stem", "enter", "qkv", "project" }.Select(twin.RowsOf));
        KeptChannels kept = Assert.Single(twin.Report.Kept, kept => kept.Cause == KeepCause.HardCodedSize);
        Assert.Equal([0, 5], kept.Indices);
    }

    /// <summary>Self-attention over positions as detectors have it.</summary>
    private sealed class Attention : nn.Module<Tensor, Tensor>
    {
        private const int Heads = 2;
        private readonly Conv2d stem = nn.Conv2d(3, 12, 3);
        private readonly Conv2d enter = nn.Conv2d(12, 16, 1);
        private readonly Conv2d qkv = nn.Conv2d(16, 48, 1);
        private readonly Conv2d project = nn.Conv2d(16, 16, 1);
        private readonly Conv2d head = nn.Conv2d(16, 4, 1);

        public Attention()
            : base("attention") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = enter.forward(stem.forward(input).relu()).relu();
            (long n, long c, long h, long w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
            Tensor[] parts = qkv.forward(x).view(n, Heads, 24, h * w).split([8, 8, 8], 2);
            Tensor attention = parts[0].transpose(-2, -1).matmul(parts[1]).softmax(-1);
            Tensor mixed = parts[2].matmul(attention.transpose(-2, -1)).view(n, c, h, w);
            return head.forward(project.forward(mixed));
        }
    }
}
