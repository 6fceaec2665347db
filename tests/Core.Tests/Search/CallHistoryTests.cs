using System.Reflection;
using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Search;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Search;

/// <summary>What several calls of a model in a row say of later ones.</summary>
public sealed class CallHistoryTests
{
    private static readonly MethodInfo Narrow = typeof(Tensor).GetMethod(nameof(Tensor.narrow))!;

    [Fact]
    public void Nodes_HoldTensorsThatAPassWrites()
    {
        using var sketch = new GraphSketch(new Model());
        Call(sketch, "table");

        CallHistory history = Find(sketch, Changes(sketch, "table"));

        Assert.Equal([1], history.Nodes);
    }

    /// <summary>Such a tensor may be found by the place that took another one, too: the graph knows it.</summary>
    [Fact]
    public void Nodes_HoldTensorsThatThePassReplaces()
    {
        using var sketch = new GraphSketch(new Model());
        sketch.Write(Call(sketch, "table"));

        CallHistory history = Find(sketch, new StateChanges());

        Assert.Equal([1], history.Nodes);
    }

    [Fact]
    public void Nodes_LeaveOutTensorsThatStayAsTheyAre()
    {
        using var sketch = new GraphSketch(new Model());
        Call(sketch, "table");

        Assert.Empty(Find(sketch, Changes(sketch, "other")).Nodes);
    }

    /// <summary>No fact and no removal where the user's code writes the weights of a layer.</summary>
    [Fact]
    public void Pin_ModuleWhoseWeightCodeHasInHandAndWrites_StaysWhole()
    {
        using var sketch = new GraphSketch(new Model());
        Call(sketch, "layer.weight");
        sketch.Call(((Model)sketch.Root).layer, [2, 3], 0);

        CallHistory history = Find(sketch, Changes(sketch, "layer.weight"));

        Assert.Equal([1, 2], history.Nodes.Order());
        Assert.Equal([2], PinnedNodes(history, sketch, all: false));
    }

    /// <summary>What a module writes by itself as it runs (statistics, a largest norm) is its handler's business.</summary>
    [Fact]
    public void Pin_ModuleThatWritesItsWeightByItself_IsLeftToItsHandler()
    {
        using var sketch = new GraphSketch(new Model());
        sketch.Input(2, 3);
        sketch.Call(((Model)sketch.Root).layer, [2, 3], 0);

        CallHistory history = Find(sketch, Changes(sketch, "layer.weight"));

        Assert.Empty(history.Nodes);
        Assert.Empty(PinnedNodes(history, sketch, all: false));
    }

    /// <summary>Where not all code is followed, anybody may have written it.</summary>
    [Fact]
    public void Pin_ModuleWhoseWeightIsWritten_WhereCodeIsNotFollowed_StaysWhole()
    {
        using var sketch = new GraphSketch(new Model());
        sketch.Input(2, 3);
        sketch.Call(((Model)sketch.Root).layer, [2, 3], 0);
        sketch.Add(NodeKind.Escape, "elsewhere", [0], []);

        CallHistory history = Find(sketch, Changes(sketch, "layer.weight"));

        Assert.Equal([1], history.Nodes);
    }

    [Fact]
    public void Nodes_HoldCallsThatAreGivenOtherNumbersEachTime_AndPinWhatTheNumbersAreAbout()
    {
        using var sketch = new GraphSketch(new Model());
        var handlers = new StepHandlers(new Dictionary<MethodInfo, IFunctionHandler> { [Narrow] = new NarrowHandler() });
        for (int call = 0; call < 3; call++)
        {
            int input = sketch.Input(2, 4);
            sketch.Function(Narrow, new Dictionary<string, object?> { ["start"] = (long)call }, [2, 2], input);
        }

        CallHistory history = Find(sketch, new StateChanges());
        IReadOnlyList<Pinned> pins = history.Pin(sketch.Build(handlers), all: false);

        Assert.Equal([1, 3, 5], history.Nodes.Order());
        Assert.Equal([1, 3, 5], pins.Select(pin => pin.NodeId).Distinct().Order());
        Assert.All(pins, pin => Assert.Equal(1, pin.Axis.Axis)); // of the samples, which the numbers are not about, nothing is said
    }

    [Fact]
    public void Nodes_LeaveOutCallsThatAreAlike()
    {
        using var sketch = new GraphSketch(new Model());
        for (int call = 0; call < 3; call++)
            sketch.Function(Narrow, new Dictionary<string, object?> { ["start"] = 1L }, [2, 2], sketch.Input(2, 4));

        Assert.Empty(Find(sketch, new StateChanges()).Nodes);
    }

    /// <summary>The first call warms up; what the last two do otherwise, a later one may do in any way.</summary>
    [Theory]
    [InlineData(0, new int[0])]
    [InlineData(1, new[] { 4, 5, 7, 8 })]
    [InlineData(2, new[] { 4, 5, 7, 8 })]
    public void Pin_WhereTheLastTwoCallsFork_AllFromThereOnStays(int fork, int[] expected)
    {
        using var sketch = new GraphSketch(new Model());
        var usual = new Step("usual", Script.Passing);
        var unusual = new Step("unusual", Script.Passing);
        var end = new Step("end", Script.Passing);
        for (int call = 0; call < 3; call++)
            sketch.Call(end, [2, 4], sketch.Call(call == fork ? unusual : usual, [2, 4], sketch.Input(2, 4)));

        CallHistory history = Find(sketch, new StateChanges());

        Assert.Equal(expected, PinnedNodes(history, sketch, all: false)); // the calls are nodes 0 to 2, 3 to 5 and 6 to 8
        Assert.Equal(expected, history.Nodes.Order());
    }

    [Fact]
    public void Pin_AllThatHasToDoWithState_StaysWhereItIsAskedFor()
    {
        using var sketch = new GraphSketch(new Model());
        int left = sketch.Call(new Step("a", Script.Passing), [2, 4], sketch.Input(2, 4));
        sketch.Call(new Step("b", Script.Passing), [2, 4], sketch.State(left));

        CallHistory history = Find(sketch, new StateChanges());

        Assert.Empty(PinnedNodes(history, sketch, all: false));
        Assert.Equal([2], PinnedNodes(history, sketch, all: true));
    }

    private static int Call(GraphSketch sketch, string constant)
    {
        sketch.Input(2, 3);
        return sketch.Constant(constant, 2, 3);
    }

    private static CallHistory Find(GraphSketch sketch, StateChanges changes) =>
        CallHistory.Find(sketch.Sizes, changes, new ModelInventory(sketch.Root));

    private static int[] PinnedNodes(CallHistory history, GraphSketch sketch, bool all) =>
        [.. history.Pin(sketch.Build(), all).Select(pin => pin.NodeId).Distinct().Order()];

    private static StateChanges Changes(GraphSketch sketch, string parameter)
    {
        var changes = new StateChanges();
        changes.Add(sketch.Root.named_parameters().Single(entry => entry.name == parameter).parameter);
        return changes;
    }

    private sealed class Model : nn.Module
    {
        public readonly Linear layer = nn.Linear(3, 3);
        private readonly Parameter table = new(ones(2, 3));
        private readonly Parameter other = new(ones(2, 3));

        public Model()
            : base("model") => RegisterComponents();
    }

    private sealed class NarrowHandler : FunctionHandler
    {
        public override IReadOnlyList<FunctionKey> Functions => [];

        public override void Relate(IRelations relations)
        {
            relations.Tie(AxisRef.OfInput(0, 0), AxisRef.OfOutput(0, 0));
            int start = (int)(long)relations.FindArgument("start")!;
            for (int i = 0; i < 2; i++)
                relations.Tie(AxisRef.OfInput(0, 1), start + i, AxisRef.OfOutput(0, 1), i);
        }
    }
}
