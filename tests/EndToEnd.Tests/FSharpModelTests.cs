using FSharpModels;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Models in F#, whose function values are no delegates and whose lists are no <c>IList</c>.</summary>
public sealed class FSharpModelTests
{
    public static TheoryData<string> Names => [.. Makers.Keys];

    private static Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Makers { get; } =
        new(StringComparer.Ordinal)
        {
            ["pipeline"] = () => new Models.Piped(),
            ["fold over a list"] = () => new Models.Folded(),
            ["closures and a sequence"] = () => new Models.Closed(),
            ["loops and an option"] = () => new Models.Looped(),
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_IsExactInPlainPasses(string name) => UnusualModel.AssertExact(Makers[name]);

    [Fact]
    public void Speedup_OfPositionsCutToTheLength_IsExactAtAnyLength()
    {
        using var scope = NewDisposeScope();
        using Trial<Models.Encoded> trial = Trial<Models.Encoded>.Run(
            () => new Models.Encoded(),
            (model, inputs) => model.forward(inputs[0]),
            [randn(12, 3, 6)],
            [("first.weight", [0, 2, 5, 9])]
        );

        Assert.Equal(8, trial.RowsOf("first.weight"));
        foreach ((long length, long batch) in new[] { (12L, 3L), (64, 1), (200, 2), (5, 7) })
            trial.AssertEqual(randn(length, batch, 6));
    }
}
