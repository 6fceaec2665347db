using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Xunit;
using static Acceptance.Tests.Support.MaskedCase;
using static TorchSharp.torch;

namespace Acceptance.Tests.AttentionCases;

/// <summary>The transformer modules of the library, with masked hidden units and heads.</summary>
public sealed class TransformerLayerTests
{
    private const int Width = 12;
    private const int Heads = 4;
    private const int HeadWidth = Width / Heads;
    private const int Units = 10;
    private static readonly long[][] Inputs =
    [
        [5, 2, Width],
        [7, 3, Width],
    ];

    [Theory]
    [InlineData(nn.Activations.ReLU)]
    [InlineData(nn.Activations.GELU)]
    public void Speedup_OfALayerInANarrowField_RemovesUnitsAndNotesHeads(nn.Activations activation)
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new NarrowEncoderLayer(Width, Heads, Units, activation),
            [("layer.linear1", "weight", 0, [0, 3, 4]), ("layer", "linear2.weight", 1, [4, 9]), .. HeadMasks("layer.self_attn", 1)],
            Inputs
        );

        Assert.Equal([Units - 4L, Width], shapes["layer.linear1.weight"]);
        Assert.Equal([Units - 4L], shapes["layer.linear1.bias"]);
        Assert.Equal([Width, Units - 4L], shapes["layer.linear2.weight"]);
        Assert.Equal([3L * Width, Width], shapes["layer.self_attn.in_proj_weight"]);
        KeptChannels kept = Assert.Single(report.Kept, kept => kept.Cause == KeepCause.FieldType);
        Assert.Contains("'layer', declared as TransformerEncoderLayer", kept.Reason, StringComparison.Ordinal);
        Assert.Equal(HeadWidth, kept.Indices.Count);
        Assert.DoesNotContain(report.Barriers, barrier => barrier.Operator.Contains("Transformer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nn.Activations.ReLU)]
    [InlineData(nn.Activations.GELU)]
    public void Speedup_OfALayerInAWideField_RemovesUnitsAndHeads(nn.Activations activation)
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new WideEncoderLayer(Width, Heads, Units, activation),
            [("layer", "linear1.weight", 0, [1, 2, 5, 8]), .. HeadMasks("layer.self_attn", 0, 2)],
            Inputs
        );

        Assert.Equal([Units - 4L, Width], shapes["layer.linear1.weight"]);
        Assert.Equal([2L * HeadWidth, Width], shapes["layer.self_attn.q_proj_weight"]);
        Assert.Equal([6L * HeadWidth], shapes["layer.self_attn.in_proj_bias"]);
        Assert.Equal([Width, 2L * HeadWidth], shapes["layer.self_attn.out_proj.weight"]);
        Assert.Equal(shapes.Values.Sum(shape => shape.Aggregate(1L, (a, b) => a * b)), report.ParametersAfter);
    }

    [Fact]
    public void Speedup_OfAllUnits_KeepsOne()
    {
        (_, Dictionary<string, long[]> shapes) = Run(
            () => new NarrowEncoderLayer(Width, Heads, Units, nn.Activations.GELU),
            [("layer", "linear1.weight", 0, Range(0, Units))],
            Inputs
        );

        Assert.Equal([1L, Width], shapes["layer.linear1.weight"]);
    }

    [Fact]
    public void Speedup_OfALayerThatIsTheModel_LeavesItWithAReason()
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => nn.TransformerEncoderLayer(Width, Heads, Units),
            [("", "linear1.weight", 0, [0, 3])],
            Inputs
        );

        Assert.Equal([(long)Units, Width], shapes["linear1.weight"]);
        Assert.Contains(report.Kept, kept => kept.Reason.Contains("the model itself", StringComparison.Ordinal));
    }

    [Fact]
    public void Speedup_OfADecoderLayer_RemovesHeadsOfEachAttention()
    {
        (_, Dictionary<string, long[]> shapes) = Run(
            () => new DecoderLayerModel(Width, Heads, Units),
            [("layer", "linear2.weight", 1, [0, 1]), .. HeadMasks("layer.self_attn", 3), .. HeadMasks("layer.multihead_attn", 0, 1, 2)],
            Inputs
        );

        Assert.Equal([Width, Units - 2L], shapes["layer.linear2.weight"]);
        Assert.Equal([Width, 3L * HeadWidth], shapes["layer.self_attn.out_proj.weight"]);
        Assert.Equal([Width, (long)HeadWidth], shapes["layer.multihead_attn.out_proj.weight"]);
    }

    [Fact]
    public void Speedup_OfStacks_GivesLayersWidthsOfTheirOwnWhereTheFieldAllows()
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new StackModel(Width, Heads, Units),
            [
                ("encoder", "layers.0.linear1.weight", 0, [0, 1, 2]),
                ("encoder", "layers.1.linear1.weight", 0, [9]),
                .. HeadMasks("encoder.layers.1.self_attn", 2),
                ("decoder", "layers.0.linear1.weight", 0, [0, 1, 2]),
                ("decoder", "layers.1.linear2.weight", 1, [9]),
            ],
            Inputs
        );

        Assert.Equal([Units - 3L, Width], shapes["encoder.layers.0.linear1.weight"]);
        Assert.Equal([Units - 1L, Width], shapes["encoder.layers.1.linear1.weight"]);
        Assert.Equal([Width, (long)Width], shapes["encoder.layers.0.self_attn.out_proj.weight"]);
        Assert.Equal([Width, 3L * HeadWidth], shapes["encoder.layers.1.self_attn.out_proj.weight"]);
        Assert.Equal([Units - 1L, Width], shapes["decoder.layers.0.linear1.weight"]); // as many as the other layer needs
        Assert.Equal([Units - 1L, Width], shapes["decoder.layers.1.linear1.weight"]);
        KeptChannels kept = Assert.Single(report.Kept, kept => kept.Cause == KeepCause.FieldType);
        Assert.Equal(2, kept.Indices.Count);
    }

    [Fact]
    public void Speedup_OfAWholeTransformer_RemovesUnitsAndHeads()
    {
        (_, Dictionary<string, long[]> shapes) = Run(
            () => new TransformerModel(Width, Heads, Units),
            [
                ("transformer", "encoder.layers.1.linear1.weight", 0, [0, 1, 2]),
                ("transformer", "decoder.layers.0.linear1.weight", 0, [4]),
                .. HeadMasks("transformer.decoder.layers.0.multihead_attn", 0),
            ],
            Inputs
        );

        Assert.Equal([(long)Units, Width], shapes["transformer.encoder.layers.0.linear1.weight"]);
        Assert.Equal([Units - 3L, Width], shapes["transformer.encoder.layers.1.linear1.weight"]);
        Assert.Equal([Units - 1L, Width], shapes["transformer.decoder.layers.0.linear1.weight"]);
        Assert.Equal([3L * HeadWidth, Width], shapes["transformer.decoder.layers.0.multihead_attn.q_proj_weight"]);
    }

    /// <summary>Masks the values of heads; their biases go on through the output.</summary>
    private static IEnumerable<(string, string, int, int[])> HeadMasks(string attention, params int[] heads)
    {
        int[] rows = [.. heads.SelectMany(head => Range((2 * Width) + (head * HeadWidth), HeadWidth))];
        yield return (attention, "in_proj_weight", 0, rows);
    }
}
