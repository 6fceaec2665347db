using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>
/// Models that take sizes which the engine does not try: what their code computes from a size was the same in all passes, and is taken for
/// something that may be another.
/// </summary>
public sealed class UnseenSizeTests
{
    private static readonly Dictionary<string, Func<Tensor, Parameter, Tensor>> Reads = new(StringComparer.Ordinal)
    {
        ["table"] = (y, table) => y + table[.., .., ..(int)y.shape[2], ..(int)y.shape[3]],
        ["narrowed table"] = (y, table) => y + table.narrow(2, 0, y.shape[2]).narrow(3, 0, y.shape[3]),
        ["mean of rows"] = (y, table) => y + table[.., .., ..(int)y.shape[2]].mean([2, 3], keepdim: true),
        ["number"] = (y, _) => y + (0.1 * y.shape[2]),
        ["number by a function"] = (y, _) => y.add((float)(y.shape[2] * 0.1)),
    };

    public static TheoryData<string> Names => [.. Reads.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_OfAModelThatTakesFewSizes_IsExactAtAllOfThem(string name)
    {
        using var scope = NewDisposeScope();
        using Trial<Picky> trial = Trial<Picky>.Run(
            () => new Picky(Reads[name]),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 3, 16, 16)],
            [("first.weight", [0, 3, 4]), ("second.weight", [1, 2])]
        );

        Assert.All(trial.Report.Verification.Checks, check => Assert.Equal([16, 16], check.Shapes[0].Skip(2)));
        Assert.True(trial.RowsOf("second.weight") < 8, string.Join("; ", trial.Report.Kept));
        foreach (long batch in new long[] { 1, 3, 7 })
        foreach (long size in new long[] { 16, 24 })
            trial.AssertEqual(randn(batch, 3, size, size));
        trial.AssertEqual(randn(2, 3, 24, 24) * 100);
    }

    /// <summary>Tokens have no axis of features: their second axis is the length.</summary>
    [Fact]
    public void Speedup_OfAModelOfTokensThatTakesTwoLengths_IsExactAtBoth()
    {
        using var scope = NewDisposeScope();
        using Trial<Tokens> trial = Trial<Tokens>.Run(
            () => new Tokens(),
            (model, inputs) => model.forward(inputs[0]),
            [randint(0, 11, [2, 8])],
            [("middle.weight", [1, 2, 5]), ("middle.bias", [1, 2, 5])]
        );

        Assert.All(trial.Report.Verification.Checks, check => Assert.Equal(8, check.Shapes[0][1]));
        Assert.Equal(5, trial.RowsOf("middle.weight"));
        foreach (long batch in new long[] { 1, 3, 7 })
        foreach (long length in new long[] { 8, 20 })
            trial.AssertEqual(randint(0, 11, [batch, length]));
    }

    /// <summary>Positions are added up to the length, which is 8 or 20.</summary>
    private sealed class Tokens : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding words = nn.Embedding(11, 8);
        private readonly Parameter positions = nn.Parameter(randn(32, 8));
        private readonly Linear middle = nn.Linear(8, 8);
        private readonly Linear last = nn.Linear(8, 4);

        public Tokens()
            : base(nameof(Tokens)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            if (input.shape[1] is not (8 or 20))
                throw new ArgumentException("8 or 20 tokens are wanted");
            Tensor x = words.forward(input) + positions[..(int)input.shape[1]];
            return last.forward(middle.forward(x).relu());
        }
    }

    /// <summary>Sides of 16 or 24, nothing else; constants of pruned filters meet what is computed from the size.</summary>
    private sealed class Picky : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 1);
        private readonly Conv2d second = nn.Conv2d(8, 8, 1);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);
        private readonly Parameter table = nn.Parameter(randn(1, 8, 40, 40));
        private readonly Func<Tensor, Parameter, Tensor> read;

        public Picky(Func<Tensor, Parameter, Tensor> read)
            : base(nameof(Picky))
        {
            this.read = read;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            if (input.shape[2] != input.shape[3] || input.shape[2] is not (16 or 24))
                throw new ArgumentException("images of 16 or 24 are wanted");
            Tensor x = read(first.forward(input), table);
            return last.forward(second.forward(x.relu()).relu());
        }
    }
}
