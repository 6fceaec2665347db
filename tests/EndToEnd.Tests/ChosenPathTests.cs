using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Models of which a pass takes one path of several: heads by name, heads for training, an early exit.</summary>
public sealed class ChosenPathTests
{
    [Fact]
    public void Speedup_OfHeadsChosenByAField_ShrinksThoseAndNamesTheOthers()
    {
        using var scope = NewDisposeScope();
        using Trial<MultiTask> trial = Trial<MultiTask>.Run(
            () => new MultiTask(),
            (model, inputs) => cat([.. model.forward(inputs[0]).Values.Select(head => head.reshape(inputs[0].shape[0], -1))], 1),
            [randn(2, 3, 16, 16)],
            [("trunk.weight", [0, 2, 4, 6]), ("trunk.bias", [0, 2, 4, 6]), ("heads.mask.0.weight", [1, 3]), ("heads.mask.0.bias", [1, 3])]
        );

        Assert.Equal(12, trial.RowsOf("trunk.weight"));
        Assert.Equal([10, 12, 3, 3], trial.Small.state_dict()["heads.mask.0.weight"].shape);
        Assert.Equal(["auxiliary", "heads.depth.0", "heads.depth.2"], trial.Report.Unvisited.Order(StringComparer.Ordinal));
        string note = Assert.Single(trial.Report.Notes, note => note.Contains("were not called", StringComparison.Ordinal));
        Assert.All(trial.Report.Unvisited, path => Assert.Contains($"'{path}'", note, StringComparison.Ordinal));
        Assert.Contains("give an example input that reaches it", note, StringComparison.Ordinal);
        foreach (long batch in new long[] { 1, 3, 7 })
        foreach (long size in new long[] { 16, 32, 48 })
            trial.AssertEqual(randn(batch, 3, size, size));
        trial.AssertEqual(randn(2, 3, 16, 16) * 100);
    }

    /// <summary>The condition looks at the data: the report lists it, and both ways out are right.</summary>
    [Fact]
    public void Speedup_OfAnEarlyExit_IsExactOnBothPathsAndListsTheCondition()
    {
        using var scope = NewDisposeScope();
        int[] rows = [0, 3, 5, 6];
        using Trial<EarlyExit> trial = Trial<EarlyExit>.Run(
            () => new EarlyExit(),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 3, 16, 16) * 0.01],
            [.. new[] { "first", "second", "third" }.SelectMany(layer => new[] { ($"{layer}.weight", rows), ($"{layer}.bias", rows) })]
        );

        Assert.True(trial.RowsOf("first.weight") < 16);
        Assert.NotEmpty(trial.Report.Conditions);
        Tensor[] inputs = [randn(1, 3, 16, 16) * 0.01, randn(3, 3, 32, 32) * 0.01, randn(7, 3, 48, 32) * 100];
        foreach (Tensor input in inputs)
            trial.AssertEqual(input);
        Assert.Equal([false, false, true], inputs.Select(input => trial.Small.LeavesEarly(input)));
    }

    private sealed class MultiTask : nn.Module<Tensor, Dictionary<string, Tensor>>
    {
        private readonly Conv2d trunk = nn.Conv2d(3, 16, 3, padding: 1);
        private readonly ModuleDict<Sequential> heads;
        private readonly Linear auxiliary = nn.Linear(16, 3);
        private readonly List<string> active = ["mask", "kind"];

        public MultiTask()
            : base(nameof(MultiTask))
        {
            heads = nn.ModuleDict(
                ("mask", nn.Sequential(nn.Conv2d(16, 12, 3, padding: 1), nn.ReLU(), nn.Conv2d(12, 2, 1))),
                ("kind", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 5))),
                ("depth", nn.Sequential(nn.Conv2d(16, 12, 3, padding: 1), nn.ReLU(), nn.Conv2d(12, 1, 1)))
            );
            RegisterComponents();
        }

        public override Dictionary<string, Tensor> forward(Tensor input)
        {
            Tensor features = nn.functional.relu(trunk.forward(input));
            var outputs = active.ToDictionary(name => name, name => heads[name].forward(features));
            if (training)
                outputs["auxiliary"] = auxiliary.forward(features.mean([2, 3]));
            return outputs;
        }
    }

    private sealed class EarlyExit : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 16, 3, padding: 1);
        private readonly Conv2d second = nn.Conv2d(16, 16, 3, padding: 1);
        private readonly Conv2d third = nn.Conv2d(16, 16, 3, padding: 1);
        private readonly Linear early = nn.Linear(16, 4);
        private readonly Linear late = nn.Linear(16, 4);

        public EarlyExit()
            : base(nameof(EarlyExit)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = nn.functional.relu(first.forward(input));
            Tensor sure = early.forward(x.mean([2, 3]));
            if (sure.softmax(1).max().item<float>() > 0.9f)
                return sure;
            x = nn.functional.relu(third.forward(nn.functional.relu(second.forward(x))));
            return late.forward(x.mean([2, 3]));
        }

        /// <summary>Whether an input takes the early exit.</summary>
        public bool LeavesEarly(Tensor input)
        {
            using var _ = no_grad();
            return early.forward(nn.functional.relu(first.forward(input)).mean([2, 3])).softmax(1).max().item<float>() > 0.9f;
        }
    }
}
