using System.Globalization;
using EndToEnd.Tests;
using Pruning.Tests.Support;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Xunit;
using Zoo;
using static TorchSharp.torch;

namespace Pruning.Tests;

/// <summary>Half of each width by group scores, on networks of the zoo: what is masked goes, and what is left is the masked model.</summary>
public sealed class ZooGroupTests(ITestOutputHelper output)
{
    private const long Seed = 7;

    public static TheoryData<string> Networks => ["resnet18", "resnet50", "mobilenet_v2", "efficientnet_b0", "densenet121", "vit"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void HalfByGroups_GoesAndIsExact(string name)
    {
        ZooEntry entry = ZooCatalog.Entries.Single(entry => entry.Name == name);
        double coupled = ShareGone(entry, GroupScore.Sum);
        double independent = ShareGone(entry, GroupScore.None);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {100 * independent:0.0} % | {100 * coupled:0.0} % |"));

        Assert.InRange(coupled, 0.98, 1);
    }

    /// <summary>The part of the masked channels that went; fails where the small model is not the masked one.</summary>
    private double ShareGone(ZooEntry entry, GroupScore score)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using nn.Module model = Create(entry);
        using nn.Module masked = Create(entry);
        Tensor[] inputs = [.. entry.Inputs.Select(input => Draw(input, 1, Seed))];
        Tensor[] more = [.. entry.Inputs.Select(input => Draw(input, 3, Seed + 1))];
        var watch = System.Diagnostics.Stopwatch.StartNew();
        ModelWidths widths = Host.Engine.Groups(model, inputs);
        output.WriteLine(
            $"{entry.Name}: {widths.Widths.Count} widths, {widths.Groups.Count} groups, {widths.Groups.Count(group => group.CanGo)} can go; {watch.ElapsedMilliseconds} ms"
        );
        using MaskSet masks = Host.Pruner("l1")
            .Prune(
                new PruningRequest
                {
                    Model = model,
                    Targets = PruningTargets.Resolve(
                        model,
                        [new PruningRule { Sparsity = 0.5 }, new PruningRule { Exclude = true, OpNames = [.. entry.OutputLayers] }],
                        LayerTypes.Linear
                    ),
                    Widths = widths,
                    GroupScore = score,
                    MaskedMembers = MaskedMembers.All,
                }
            );
        Numbers.ApplyMasks(masked, masks);
        Tensor[] expected = [.. ZooEntry.Run(masked, inputs), .. ZooEntry.Run(masked, more)];

        SpeedupReport report = Host.Engine.Speedup(model, inputs, masks);

        Tensor[] actual = [.. ZooEntry.Run(model, inputs), .. ZooEntry.Run(model, more)];
        foreach ((Tensor wanted, Tensor found) in expected.Zip(actual))
            Assert.InRange(Numbers.RelativeError(wanted, found), 0, 1e-5);
        return Share.Gone(masks, report, output);
    }

    private static nn.Module Create(ZooEntry entry)
    {
        nn.Module model = entry.Create(entry.Divisor);
        RandomStatistics.Apply(model, Seed);
        model.eval();
        return model;
    }

    private static Tensor Draw(ZooInput input, long batch, long seed)
    {
        using var generator = new Generator((ulong)seed);
        return randn([batch, .. input.Shape.Skip(1)], generator: generator);
    }
}
