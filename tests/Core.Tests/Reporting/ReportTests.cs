using System.Globalization;
using System.Text.Json;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Reporting;
using Xunit;

namespace Core.Tests.Reporting;

/// <summary>A report as text, as Markdown and as JSON.</summary>
public sealed class ReportTests
{
    [Fact]
    public void ToString_OfAReport_SaysWhatWentWhatStayedAndWhy()
    {
        string[] lines = Sample().ToString().Split('\n');

        Assert.Equal(
            [
                "540 -> 280 (51.9 %) parameters, 1,000,000 -> 500,000 (50 %) multiply-accumulates, relative error to the masked model up to 3.2e-07, 0.750 s",
                "conv1 (Conv2d): weight 20x1x5x5 -> 10x1x5x5, bias 20 -> 10",
                "masked but not that small: head.fc_1 (Linear), 1 of 3 pruned rows and columns went: a barrier",
                "kept for conv2, 3 indices of input 0 axis 1: channel 4 | carries <constants>",
                "no handler for TorchSharp.torch.fft in 'head[0]': write a plugin",
                "never called, left alone: AuxLogits.fc",
                "note: the code looked at tensor data",
                "not verified on each side: Net.forward at Net.cs:12, by Size: Net.cs:13 2 to 3 times, Net.cs:15 never, Net.cs:16 never (it throws)",
                "attempt 1: relative error 2 on the fresh input -> keep what differs",
            ],
            lines
        );
    }

    [Fact]
    public void ToString_InAnotherCulture_IsTheSame()
    {
        string expected = Sample().ToString();
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };

        string text = Sample().ToString();

        CultureInfo.CurrentCulture = before;
        Assert.Equal(expected, text);
    }

    [Fact]
    public void ToMarkdown_OfAReport_HasASectionForEachThing()
    {
        string[] lines = Sample().ToMarkdown().Split('\n');

        Assert.Equal("# Speedup", lines[0]);
        Assert.Equal(
            [
                "## Layers",
                "## Masked, but not that small",
                "## Kept",
                "## Without a handler",
                "## Verified on",
                "## Conditions in the code",
                "## Attempts",
                "## Never called, left alone",
                "## Notes",
            ],
            lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal))
        );
        Assert.Contains("| Parameters | 540 -> 280 (51.9 %) |", lines);
        Assert.Contains(@"| head.fc\_1 | Linear | 20 | 20 |  | a reason |", lines);
        Assert.Contains("| example | 64x1x28x28 | 3.2e-07 |", lines);
        Assert.Contains("- AuxLogits.fc", lines);
        Assert.Contains(@"| head.fc\_1 | Linear | 1 of 3 pruned rows and columns went | a barrier |", lines);
        Assert.Contains(
            "| Net.forward | Net.cs:12 | Size | Net.cs:13 2 to 3 times, Net.cs:15 never, Net.cs:16 never (it throws) | no |",
            lines
        );
        Assert.Contains("| 1 | relative error 2 on the fresh input | keep what differs |", lines);
    }

    /// <summary>Each row has as many cells as its header, whatever the names hold.</summary>
    [Fact]
    public void ToMarkdown_OfNamesWithMarkup_KeepsTheTablesWhole()
    {
        string[] rows = [.. Sample().ToMarkdown().Split('\n').Where(line => line.StartsWith('|'))];

        string kept = Assert.Single(rows, row => row.Contains("carries", StringComparison.Ordinal));
        Assert.Equal(@"| conv2 | Carrier | 3 indices of input 0 axis 1 | channel 4 \| carries \<constants> |", kept);
    }

    [Fact]
    public void ToMarkdown_OfNothing_LeavesSectionsOut()
    {
        SpeedupReport report = Sample() with
        {
            Unshrunk = [],
            Kept = [],
            Barriers = [],
            Unvisited = [],
            Notes = [],
            Conditions = [],
            Attempts = [],
        };

        string text = report.ToMarkdown();

        Assert.All(
            ["not that small", "Kept", "Without a handler", "Conditions", "Attempts", "Never called", "Notes"],
            title => Assert.DoesNotContain(title, text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Json_OfAReport_HasEnumerationsByNameAndCanBeReadAgain()
    {
        string json = JsonSerializer.Serialize(Sample());

        using var document = JsonDocument.Parse(json);
        Assert.Equal("Exact", document.RootElement.GetProperty("Policy").GetString());
        Assert.Equal("Carrier", document.RootElement.GetProperty("Kept")[0].GetProperty("Cause").GetString());
        Assert.Equal(Sample().ToMarkdown(), JsonSerializer.Deserialize<SpeedupReport>(json)!.ToMarkdown());
    }

    private static SpeedupReport Sample() =>
        new()
        {
            Policy = ConstantPolicy.Exact,
            Layers =
            [
                Layer("conv1", "Conv2d", [("weight", [20, 1, 5, 5], [10, 1, 5, 5]), ("bias", [20], [10])], 520, 260),
                Layer("head.fc_1", "Linear", [("weight", [4, 5], [4, 5])], 20, 20, "a reason"),
            ],
            Unshrunk = [new UnshrunkModule("head.fc_1", "Linear", 3, 1, KeepCause.Barrier, "a barrier")],
            Conditions =
            [
                new ConditionReport(
                    "Net.forward",
                    "Net.cs:12",
                    ConditionKind.Size,
                    [new("Net.cs:13", 2, 3, false), new("Net.cs:15", 0, 0, false), new("Net.cs:16", 0, 0, true)]
                ),
            ],
            Attempts = [new AttemptReport(1, "relative error 2 on the fresh input", "keep what differs")],
            Kept = [new KeptChannels("conv2", KeepCause.Carrier, "channel 4 | carries <constants>", "input 0 axis 1", [4, 5, 9])],
            Barriers = [new BarrierReport("TorchSharp.torch.fft", "head[0]", "write a plugin")],
            Unvisited = ["AuxLogits.fc"],
            Notes = ["the code looked at tensor data"],
            ParametersBefore = 540,
            ParametersAfter = 280,
            MacsBefore = 1_000_000,
            MacsAfter = 500_000,
            Verification = new VerificationReport(3.2e-7, 1e-5, [new VerificationCheck("example", [(long[])[64, 1, 28, 28]], 3.2e-7)]),
            Rounds = 2,
            Phases = [new PhaseTime("trace", TimeSpan.FromSeconds(0.25)), new PhaseTime("replace", TimeSpan.FromSeconds(0.5))],
        };

    private static LayerReport Layer(
        string path,
        string type,
        IReadOnlyList<(string Name, long[] Before, long[] After)> shapes,
        long before,
        long after,
        params string[] reasons
    ) =>
        new()
        {
            Path = path,
            Type = type,
            ShapesBefore = shapes.ToDictionary(shape => shape.Name, shape => (IReadOnlyList<long>)shape.Before),
            ShapesAfter = shapes.ToDictionary(shape => shape.Name, shape => (IReadOnlyList<long>)shape.After),
            ParametersBefore = before,
            ParametersAfter = after,
            MacsBefore = before,
            MacsAfter = after,
            Replaced = before != after,
            RemainingMaskedShare = 0,
            Reasons = reasons,
        };
}
