using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Xunit;

namespace Cli.Tests.Rendering;

public sealed class ExampleRendererTests
{
    private static readonly string Text = Render();

    [Theory]
    [InlineData("│ Times │ Mask latency │ Speedup latency │ Ratio │")]
    [InlineData("│     1 │      0.02000 │         0.01000 │  2.00 │")]
    [InlineData("│     2 │      0.04100 │         0.02050 │  2.00 │")]
    public void Render_OfAnExample_PrintsTheDocumentationsTable(string line) => Assert.Contains(line, Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("20x1x5x5 -> 10x1x5x5")]
    [InlineData("520 -> 260 (50 %)")]
    [InlineData("1,000,000 -> 500,000 (50 %)")]
    [InlineData("a reason; 12.5 % of")]
    [InlineData("weight, bias, ... 10 -> 5")]
    public void Render_OfLayers_PrintsShapesAndCounts(string text) => Assert.Contains(text, Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("carrier")]
    [InlineData("4-6, 9")]
    [InlineData("channel 4 carries the constants")]
    [InlineData("TorchSharp.torch.fft")]
    [InlineData("its rows go with those of 'tail'")]
    [InlineData("Net.cs:12")]
    [InlineData("2 to 3")]
    [InlineData("Attempts: 1. relative error 2 on the fresh input -> keep what differs")]
    [InlineData("head[0]")]
    [InlineData("AuxLogits.fc")]
    [InlineData("the code looked at tensor data")]
    [InlineData("Trace")]
    [InlineData("0.75000")]
    [InlineData("3.20e-07 (accepted: 1.00e-05)")]
    public void Render_OfAReport_LeavesNothingOut(string text) => Assert.Contains(text, Text, StringComparison.Ordinal);

    [Fact]
    public void Render_ToAFile_WritesNoEscapeSequences() => Assert.DoesNotContain('\u001b', Text);

    private static string Render()
    {
        using var writer = new StringWriter();
        new ExampleRenderer(new Terminal(writer, TextWriter.Null).Console).Render(SampleReport.Example());
        return writer.ToString();
    }
}
