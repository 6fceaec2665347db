using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Code that computes with the size of its input: what is constant at one size is another constant at the next.</summary>
public sealed class SizeDependenceTests
{
    public static TheoryData<string> Names => [.. Functions.Keys];

    private static Dictionary<string, Func<Tensor, Tensor>> Functions { get; } =
        new(StringComparer.Ordinal)
        {
            ["number"] = x => x * x.shape[2],
            ["shift"] = x => x + (1f / x.shape[2]),
            ["branch"] = x => x.shape[2] > 3 ? x.relu() : x.tanh(),
            ["longer branch"] = x => x.shape[2] > 3 ? (x * 2).relu() : x,
            ["loop"] = Halve,
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_KeepsConstantsThatDependOnTheSize(string name)
    {
        using var scope = NewDisposeScope();
        using Twin<Model> twin = Twin<Model>.Speed(
            () => new Model(Functions[name]),
            randn(2, 3, 6, 6),
            ("before", [0, 3]),
            ("first", [1, 2, 6])
        );

        Assert.Equal(4, twin.RowsOf("before"));
        Assert.Contains(twin.Report.Notes, note => note.Contains("another input size", StringComparison.Ordinal));
        foreach (long size in new long[] { 6, 3, 9, 12 })
            twin.AssertEqual(randn(2, 3, size, size));
    }

    private static Tensor Halve(Tensor x)
    {
        for (long size = x.shape[2]; size > 2; size /= 2)
            x = x * 0.5f + 1;
        return x;
    }

    private sealed class Model : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d before = nn.Conv2d(3, 6, 1);
        private readonly Conv2d first = nn.Conv2d(6, 8, 1);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);
        private readonly Func<Tensor, Tensor> function;

        public Model(Func<Tensor, Tensor> function)
            : base("sizes")
        {
            this.function = function;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => last.forward(function(first.forward(before.forward(input).relu())));
    }
}
