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
}
