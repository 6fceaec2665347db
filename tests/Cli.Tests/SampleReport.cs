using Speedup.Abstractions;
using Speedup.Cli.Examples;
using Speedup.Core.Graph;
using Speedup.Core.Reporting;

namespace Cli.Tests;

/// <summary>A report as the engine might write it, with one of everything.</summary>
internal static class SampleReport
{
    public static SpeedupReport Create() =>
        new()
        {
            Policy = ConstantPolicy.Exact,
            Layers = [Convolution(), Normalisation()],
            Kept = [new KeptChannels("conv2", KeepCause.Carrier, "channel 4 carries the constants", "input 0 axis 1", [4, 5, 6, 9])],
            Unshrunk = [new UnshrunkModule("head", "Linear", 7, 3, KeepCause.Aligned, "its rows go with those of 'tail'")],
            Conditions =
            [
                new ConditionReport(
                    "Net.forward",
                    "Net.cs:12",
                    ConditionKind.Size | ConditionKind.State,
                    [new("Net.cs:13", 2, 3, false), new("Net.cs:15", 0, 0, false)]
                ),
            ],
            Attempts = [new AttemptReport(1, "relative error 2 on the fresh input", "keep what differs")],
            Barriers = [new BarrierReport("TorchSharp.torch.fft", "head[0]", "no handler; write a plugin")],
            Unvisited = ["AuxLogits.fc"],
            Notes = ["the code looked at tensor data"],
            ParametersBefore = 540,
            ParametersAfter = 270,
            MacsBefore = 1_000_000,
            MacsAfter = 500_000,
            Verification = new VerificationReport(
                3.2e-7,
                1e-5,
                [
                    new VerificationCheck(
                        "example",
                        [
                            [64, 1, 28, 28],
                        ],
                        3.2e-7
                    ),
                ]
            ),
            Rounds = 2,
            Phases = [new PhaseTime("Trace", TimeSpan.FromSeconds(0.25)), new PhaseTime("Replace", TimeSpan.FromSeconds(0.5))],
        };

    public static ExampleResult Example() =>
        new(
            ExampleCatalog.All.Single(example => example.Name == "fpgm"),
            new ExampleSettings(),
            [new LatencyRow(1, 0.02, 0.01), new LatencyRow(2, 0.041, 0.0205)],
            Create()
        );

    private static LayerReport Convolution() =>
        new()
        {
            Path = "conv1",
            Type = "Conv2d",
            ShapesBefore = Shapes(("weight", [20, 1, 5, 5]), ("bias", [20])),
            ShapesAfter = Shapes(("weight", [10, 1, 5, 5]), ("bias", [10])),
            ParametersBefore = 520,
            ParametersAfter = 260,
            MacsBefore = 1_000_000,
            MacsAfter = 500_000,
            Replaced = true,
            RemainingMaskedShare = 0.125,
            Reasons = ["a reason"],
        };

    private static LayerReport Normalisation() =>
        new()
        {
            Path = "bn1",
            Type = "BatchNorm2d",
            ShapesBefore = Norm(10),
            ShapesAfter = Norm(5),
            ParametersBefore = 20,
            ParametersAfter = 10,
            MacsBefore = 0,
            MacsAfter = 0,
            Replaced = true,
            RemainingMaskedShare = 0,
            Reasons = [],
        };

    private static Dictionary<string, IReadOnlyList<long>> Norm(long channels) =>
        Shapes(
            ("weight", [channels]),
            ("bias", [channels]),
            ("running_mean", [channels]),
            ("running_var", [channels]),
            ("num_batches_tracked", [])
        );

    private static Dictionary<string, IReadOnlyList<long>> Shapes(params (string Name, long[] Shape)[] shapes) =>
        shapes.ToDictionary(entry => entry.Name, entry => (IReadOnlyList<long>)entry.Shape);
}
