using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Training;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Training;

/// <summary>Groups of parameters, those that are frozen, shared, new, or not of the model.</summary>
public sealed class OptimizerGroupTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Complete_OfSeveralGroups_KeepsTheirOrderOptionsAndRates()
    {
        using TrainedNet model = TrainedNet.Make(ScalarType.Float32);
        using MaskSet masks = model.Masks();
        using var foreign = new Parameter(randn(3));
        Parameter[] weights = [model.first.weight, model.second.weight, model.head.weight];
        Parameter[] others = [model.second.bias!, model.norm.weight!, foreign];
        model.second.weight.requires_grad = false;
        using var optimizer = (SGD)
            optim.SGD([new SGD.ParamGroup(weights, 0.1, 0.9, weight_decay: 0.01), new SGD.ParamGroup(others, 0.2, 0.5)], 0.3);
        optim.lr_scheduler.LRScheduler scheduler = optim.lr_scheduler.StepLR(optimizer, 1, 0.5);
        OptimizerTransferTests.Step(model, optimizer, ScalarType.Float32, 0, masks);
        foreign.sum().backward();
        optimizer.step();
        Numbers.ApplyMasks(model, masks);
        scheduler.step();
        Tensor ofForeign = StateOf(optimizer, foreign).momentum_buffer.clone();
        Tensor ofHead = StateOf(optimizer, model.head.weight).momentum_buffer.clone();
        OptimizerState kept = StateOf(optimizer, foreign);
        Assert.Null(StateOf(optimizer, model.second.weight).momentum_buffer);

        var transfer = OptimizerTransfer.Begin(model, optimizer);
        ModelSpeedup.Run(model, [randn(2, 3, 8, 8)], masks);
        Assert.Empty(transfer.Complete());

        ParamGroup[] groups = [.. optimizer.ParamGroups.Cast<ParamGroup>()];
        AssertSame([model.first.weight, model.second.weight, model.head.weight], groups[0].Parameters);
        AssertSame([model.second.bias!, model.norm.weight!, foreign], groups[1].Parameters);
        Assert.Equal([0.05, 0.1], groups.Select(group => group.LearningRate));
        Assert.Equal([0.1, 0.2], groups.Select(group => group.InitialLearningRate));
        Assert.Equal([0.9, 0.5], groups.Select(group => ((SGD.ParamGroup)group).Momentum));
        Assert.False(model.second.weight.requires_grad);
        Assert.Null(StateOf(optimizer, model.second.weight).momentum_buffer);
        Assert.Same(kept, StateOf(optimizer, foreign));
        Assert.Equal(0, Numbers.RelativeError(ofForeign, StateOf(optimizer, foreign).momentum_buffer));
        long[] left = [0, 2, 3, 5, 6, 7, 8];
        Assert.Equal(0, Numbers.RelativeError(ofHead.index_select(1, tensor(left)), StateOf(optimizer, model.head.weight).momentum_buffer));
        scheduler.step();
        Assert.Equal(0.025, groups[0].LearningRate, 1e-12);
        OptimizerTransferTests.Step(model, optimizer, ScalarType.Float32, 1, null);
    }

    [Fact]
    public void Complete_WithABiasForFoldedConstants_TrainsItFromNothing()
    {
        using Folding model = UnusualModel.Draw(new Folding());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2));
        using Adam optimizer = optim.Adam(model.parameters());
        model.call(randn(3, 3, 6, 6)).sum().backward();
        optimizer.step();

        var transfer = OptimizerTransfer.Begin(model, optimizer);
        ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

        Assert.Equal(["last.bias"], transfer.Complete());
        AssertSame(model.parameters().OrderBy(own => own.Handle), GroupOf(optimizer).OrderBy(own => own.Handle));
        var state = (Adam.State)StateAt(optimizer, model.last.bias!);
        Assert.Equal(0, state.step);
        Assert.Equal(1, ((Adam.State)StateAt(optimizer, model.last.weight)).step);
        Tensor before = model.last.bias!.detach().clone();
        optimizer.zero_grad();
        model.call(randn(3, 3, 6, 6)).sum().backward();
        optimizer.step();
        Assert.True(Numbers.RelativeError(before, model.last.bias!.detach()) > 0);
    }

    [Fact]
    public void Complete_OfASharedParameter_HasItOnce()
    {
        using Tied model = UnusualModel.Draw(new Tied());
        using var masks = new MaskSet([new MaskEntry("embedding", "weight", ColumnMask(model.embedding.weight!.shape, 2, 5))]);
        using Adam optimizer = optim.Adam(model.parameters());
        Tensor tokens = tensor(new long[] { 1, 4, 2, 7, 3, 0 }).reshape(2, 3);
        model.call(tokens).sum().backward();
        optimizer.step();
        Numbers.ApplyMasks(model, masks);

        var transfer = OptimizerTransfer.Begin(model, optimizer);
        ModelSpeedup.Run(model, [tokens], masks);

        Assert.Empty(transfer.Complete());
        Assert.Equal([9, 6], model.head.weight.shape);
        Parameter only = Assert.Single(GroupOf(optimizer), own => own.shape.Length == 2);
        Assert.Equal([9, 6], ((Adam.State)StateAt(optimizer, only)).exp_avg.shape);
        optimizer.zero_grad();
        model.call(tokens).sum().backward();
        Tensor before = model.head.weight.detach().clone();
        optimizer.step();
        Assert.True(Numbers.RelativeError(before, model.head.weight.detach()) > 0);
        Assert.Equal(0, Numbers.RelativeError(model.head.weight.detach(), model.embedding.weight!.detach()));
    }

    [Fact]
    public void Complete_AfterASpeedupThatFailed_ChangesNothing()
    {
        using TrainedNet model = TrainedNet.Make(ScalarType.Float32);
        using MaskSet masks = model.Masks();
        using Adam optimizer = optim.Adam(model.parameters());
        OptimizerTransferTests.Step(model, optimizer, ScalarType.Float32, 0, masks);
        Parameter[] before = [.. GroupOf(optimizer)];
        OptimizerState[] states = [.. optimizer.state_dict().State];

        var transfer = OptimizerTransfer.Begin(model, optimizer);
        Assert.Throws<SpeedupException>(() =>
            Engine.Shared.Speedup(model, [randn(2, 3, 8, 8)], masks, new SpeedupOptions { Tolerance = -1 })
        );

        Assert.Empty(transfer.Complete());
        AssertSame(before, GroupOf(optimizer));
        Assert.Equal(states, optimizer.state_dict().State);
    }

    [Fact]
    public void Begin_OfAnOptimizerWithNativeState_IsRefused()
    {
        using TrainedNet model = TrainedNet.Make(ScalarType.Float32);
        using LBFGS optimizer = optim.LBFGS(model.parameters());

        Assert.Equal("SPD8001", Assert.Throws<SpeedupException>(() => OptimizerTransfer.Begin(model, optimizer)).Code);
    }

    [Fact]
    public void Complete_OfAnOptimizerThatTakesNoGroups_LeavesItAsItWas()
    {
        using TrainedNet model = TrainedNet.Make(ScalarType.Float32);
        using MaskSet masks = model.Masks();
        using var optimizer = new Stubborn(model.parameters());
        Parameter[] before = [.. GroupOf(optimizer)];

        var transfer = OptimizerTransfer.Begin(model, optimizer);
        ModelSpeedup.Run(model, [randn(2, 3, 8, 8)], masks);

        Assert.Equal("SPD8002", Assert.Throws<SpeedupException>(() => transfer.Complete()).Code);
        AssertSame(before, GroupOf(optimizer));
    }

    private static Tensor ColumnMask(long[] shape, params long[] columns)
    {
        Tensor mask = ones(shape).DetachFromDisposeScope();
        foreach (long column in columns)
            mask[TensorIndex.Colon, column].zero_().Dispose();
        return mask;
    }

    private static IEnumerable<Parameter> GroupOf(OptimizerHelper optimizer) => ((ParamGroup)optimizer.ParamGroups.Single()).Parameters;

    private static SGD.State StateOf(OptimizerHelper optimizer, Parameter parameter) => (SGD.State)StateAt(optimizer, parameter);

    private static OptimizerState StateAt(OptimizerHelper optimizer, Parameter parameter)
    {
        Parameter[] all = [.. optimizer.ParamGroups.Cast<ParamGroup>().SelectMany(group => group.Parameters)];
        return optimizer.state_dict().State[Array.FindIndex(all, own => ReferenceEquals(own, parameter))];
    }

    private static void AssertSame(IEnumerable<Parameter> expected, IEnumerable<Parameter> actual) =>
        Assert.Equal<Parameter>(expected, actual, ReferenceEquals);

    private sealed class Folding : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d first = nn.Conv2d(3, 8, 3);
        public readonly Conv2d last = nn.Conv2d(8, 4, 1, bias: false);

        public Folding()
            : base(nameof(Folding)) => RegisterComponents();

        public override Tensor forward(Tensor input) => last.call(nn.functional.relu(first.call(input)));
    }

    private sealed class Tied : nn.Module<Tensor, Tensor>
    {
        public readonly Embedding embedding = nn.Embedding(9, 8);
        public readonly Linear head = nn.Linear(8, 9, hasBias: false);

        public Tied()
            : base(nameof(Tied))
        {
            head.weight = (Parameter)embedding.parameters().Single();
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => head.call(embedding.call(input));
    }

    /// <summary>An optimizer of somebody's own, which is made once and for all.</summary>
    private sealed class Stubborn : OptimizerHelper
    {
        public Stubborn(IEnumerable<Parameter> parameters)
        {
            _parameter_groups =
            [
                new ParamGroup
                {
                    Parameters = [.. parameters],
                    Options = new SGD.Options { LearningRate = 0.1 },
                },
            ];
            foreach (Parameter parameter in _parameter_groups[0].Parameters)
                _state[parameter.Handle] = new SGD.State(parameter);
        }

        public override void add_param_group(ParamGroup param_group) => throw new NotSupportedException("once and for all");
    }
}
