using Acceptance.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using Zoo.Networks;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>
/// Case 3: ResNet-50 at full width. All convolutions that write to one residual stream lose the same half, the one of smallest L1
/// norm summed over them; convolutions inside a block lose a half of their own. Biases and BatchNorm shifts stay, so that pruned
/// channels are constants.
/// </summary>
public sealed class CoupledResNetTests
{
    private const long HalvedParameters = 6_917_640;
    private const long HalvedMacs = 1_068_682_472;
    private static readonly long[] Input = [1, 3, 224, 224];

    [Fact]
    public void Counts_OfTheTableOfWidths_AreThePublishedOnes()
    {
        Assert.Equal(new ResNet50Counts(25_557_032, 4_121_925_096), ResNet50Counts.Of(1, keepsConstants: false));
        Assert.Equal(new ResNet50Counts(HalvedParameters, HalvedMacs), ResNet50Counts.Of(2, keepsConstants: false));
    }

    [Fact]
    public void ResNet50_WithCoupledMasks_IsEqual_WithOneCarrierABlockAndNothingElseOnTop()
    {
        using var scope = NewDisposeScope();
        using Trial<ResNet> trial = Create();

        SpeedupReport report = trial.Run();

        ResNet50Counts expected = ResNet50Counts.Of(2, keepsConstants: true);
        Assert.Equal(25_557_032, report.ParametersBefore);
        Assert.Equal(expected, new ResNet50Counts(report.ParametersAfter, CountMacs(trial.Model)));
        Assert.Equal(16, report.Kept.Where(kept => kept.Cause == KeepCause.Carrier).SelectMany(kept => kept.Indices).Count());
        trial.AssertEqual(Input, [2, 3, 96, 160]);
    }

    [Fact]
    public void ResNet50_WithCoupledMasksAndConstantsDropped_HasExactlyHalfOfEveryWidth()
    {
        using var scope = NewDisposeScope();
        using Trial<ResNet> trial = Create();

        SpeedupReport report = trial.Run(new SpeedupOptions { Policy = ConstantPolicy.Drop });

        Assert.Equal(HalvedParameters, report.ParametersAfter);
        Assert.Equal(HalvedMacs, CountMacs(trial.Model));
    }

    /// <summary>Constants that a ReLU makes zero cost nothing: equal, and not one parameter more.</summary>
    [Fact]
    public void ResNet50_WithCoupledMasksAndNegativeShifts_IsEqual_AndHasExactlyHalfOfEveryWidth()
    {
        using var scope = NewDisposeScope();
        using Trial<ResNet> trial = Create(SinkPruned);

        SpeedupReport report = trial.Run();

        Assert.Equal(HalvedParameters, report.ParametersAfter);
        Assert.Equal(HalvedMacs, CountMacs(trial.Model));
        trial.AssertEqual(Input, [2, 3, 96, 160]);
    }

    private static Trial<ResNet> Create(Action<ResNet>? adjust = null)
    {
        var trial = new Trial<ResNet>(() => ResNet.Create50(1, 1000), ScalarType.Float32, [1, 3, 64, 64], adjust: adjust);
        foreach ((string path, int[] rows) in DeadRows(trial.Model))
            trial.Masks.Add(path, rows);
        return trial;
    }

    private static Dictionary<string, int[]> DeadRows(ResNet model)
    {
        var layers = RowMasks.Layers(model).Where(layer => layer.Module is Conv2d).ToDictionary(l => l.Path, l => l.Module);
        return layers
            .Keys.GroupBy(GroupOf)
            .SelectMany(group =>
            {
                int[] dead = SmallestHalf([.. group.Select(path => layers[path])]);
                return group.Select(path => (path, dead));
            })
            .ToDictionary();
    }

    /// <summary>Makes what BatchNorm makes of a pruned filter's zero negative.</summary>
    private static void SinkPruned(ResNet model)
    {
        using var scope = NewDisposeScope();
        var modules = model.named_modules().ToDictionary(entry => entry.name, entry => entry.module);
        foreach ((string path, int[] rows) in DeadRows(model))
        {
            string normPath = path.EndsWith(".0", StringComparison.Ordinal)
                ? path[..^1] + "1"
                : path.Replace("conv", "bn", StringComparison.Ordinal);
            var norm = (BatchNorm2d)modules[normPath];
            Tensor constant = norm.bias! - (norm.running_mean! / (norm.running_var! + norm.eps).sqrt() * norm.weight!);
            foreach (int row in rows)
                norm.bias![row].sub_(constant[row].abs() + constant[row] + 0.1); // -|constant| - 0.1
        }
    }

    /// <summary>The stream that a convolution writes to; itself where it does not write to one.</summary>
    private static string GroupOf(string path) =>
        path.EndsWith(".conv3", StringComparison.Ordinal) || path.EndsWith(".downsample.0", StringComparison.Ordinal)
            ? path.Split('.')[0]
            : path;

    private static int[] SmallestHalf(nn.Module[] members)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor norms = members.Select(member => RowMasks.Weight(member).abs().sum([1, 2, 3])).Aggregate((sum, next) => sum + next);
        return [.. norms.argsort().data<long>().Take((int)norms.shape[0] / 2).Select(row => (int)row)];
    }

    /// <summary>As Torch-Pruning counts; see <see cref="ResNet50Counts"/>.</summary>
    private static long CountMacs(ResNet model)
    {
        using var scope = NewDisposeScope();
        ModelGraph graph = Engine.Shared.Trace(model, [zeros(Input)]);
        return graph.Nodes.Where(node => node.Kind == NodeKind.Module).Sum(node => CountMacs(node, graph));
    }

    private static long CountMacs(GraphNode node, ModelGraph graph)
    {
        long read = Size(graph.Values[node.Inputs[0]].Shape);
        long written = Size(graph.Values[node.Outputs[0]].Shape);
        return node.Module switch
        {
            Conv2d conv => written * (Size([.. conv.weight.shape.Skip(1)]) + (conv.bias is null ? 0 : 1)),
            BatchNorm2d => 2 * written,
            ReLU => written,
            MaxPool2d or AdaptiveAvgPool2d => read,
            Linear linear => written * (linear.weight.shape[1] + 1),
            _ => throw new InvalidOperationException($"ResNet-50 has no {node.Module}."),
        };
    }

    private static long Size(IReadOnlyList<long> shape) => shape.Aggregate(1L, (a, b) => a * b);
}
