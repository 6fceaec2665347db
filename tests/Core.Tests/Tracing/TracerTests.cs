using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Tracing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Tracing;

public sealed class TracerTests
{
    [Fact]
    public void Trace_ResidualBlock_FindsModulesAndFunctionsInOrder()
    {
        using var scope = NewDisposeScope();
        using var model = new TracedModels.Residual();
        model.eval();

        TraceResult traced = Trace(model, randn(2, 3, 5, 5), out bool equal);

        Assert.True(equal);
        Assert.Equal(
            [
                "model input",
                "conv1 (Conv2d)",
                "functional.relu",
                "conv2 (Conv2d)",
                "Tensor.add_",
                "Tensor.relu_",
                "tail.0 (ReLU)",
                "tail.1 (Conv2d)",
                "tail.2 (Dropout)",
                "model output",
            ],
            Names(traced)
        );
        GraphNode add = traced.Graph.Nodes[4];
        Assert.Equal([traced.Graph.Nodes[3].Outputs[0], traced.Graph.Nodes[2].Outputs[0]], add.Inputs);
        Assert.Equal(add.Outputs[0], traced.Graph.Nodes[5].Inputs[0]);
        Assert.Empty(traced.Graph.Notes);
    }

    /// <summary>Without a handler a functional module is one of the user's: its function is found in it.</summary>
    [Fact]
    public void Trace_FunctionalModulesWithoutAHandler_FindsTheirFunctions()
    {
        using var scope = NewDisposeScope();
        using var model = new TracedModels.Functional();

        TraceResult traced = Trace(model, randn(2, 4, 3), out bool equal);

        Assert.True(equal);
        Assert.Equal(
            [
                "model input",
                "Tensor.chunk in chunk",
                "Tensor.op_Addition in add",
                "torch.cat in cat",
                "Tensor.view in view",
                "model output",
            ],
            Names(traced)
        );
    }

    [Fact]
    public void Trace_Lambdas_AreFollowed()
    {
        using var scope = NewDisposeScope();
        using var model = new TracedModels.Lambdas();
        Tensor input = randn(2, 4);
        model.forward(input); // fills the compiler's delegate caches, which must not hide the lambdas

        TraceResult traced = Trace(model, input, out bool equal);

        Assert.True(equal);
        Assert.Equal(7, traced.Graph.Nodes.Count(node => node.Kind == NodeKind.Module));
        Assert.Contains("Tensor.sigmoid", Names(traced));
        Assert.Contains("torch.cat", Names(traced));
        Assert.DoesNotContain(traced.Graph.Nodes, node => node.Kind == NodeKind.Escape);
        Assert.Equal(["unused"], traced.Graph.Unvisited);
        Assert.True(input.sub(input).eq(0).all().ToBoolean());
        Assert.True(model.forward(input).allclose(traced.Outputs[0])); // nothing traced is left in the caches
    }

    [Fact]
    public void Trace_GenericContainersAndTuples_AreFollowed()
    {
        using var scope = NewDisposeScope();
        using var model = new TracedModels.TwoInputs();
        Tensor a = randn(2, 4);
        Tensor b = randn(2, 4);

        using var rewriter = new MethodRewriter();
        TraceResult traced = new Tracer(new NoHandlers(), rewriter).Trace(new ModelInventory(model), [a, b]);

        Assert.Null(traced.Failure);
        Assert.Equal(
            ["model input", "first.inner (Linear)", "second.inner (Linear)", "Tensor.op_Multiply in second", "model output"],
            Names(traced)
        );
        Assert.Equal(2, traced.Outputs.Count);
    }

    [Fact]
    public void Trace_TensorsOfUnknownOrigin_KeepAllThatCameBefore()
    {
        using var scope = NewDisposeScope();
        using var model = new TracedModels.Hidden();

        TraceResult traced = Trace(model, randn(2, 4), out bool equal);

        Assert.True(equal);
        GraphNode escape = traced.Graph.Nodes.First(node => node.Kind == NodeKind.Escape);
        GraphNode layer = traced.Graph.Nodes.First(node => node.Kind == NodeKind.Module);
        Assert.Contains(layer.Outputs[0], escape.Inputs);
        Assert.Contains(traced.Graph.Notes, note => note.Contains("unknown origin", StringComparison.Ordinal));
    }

    [Fact]
    public void Trace_ResultsOfInPlaceOperations_StayKnown()
    {
        using var scope = NewDisposeScope();
        using var model = new TracedModels.InPlace();

        TraceResult traced = Trace(model, randn(2, 4), out bool equal);

        Assert.True(equal);
        GraphNode[] nodes = [.. traced.Graph.Nodes];
        GraphNode silu = nodes.Single(node => node.Name.EndsWith("silu", StringComparison.Ordinal));
        GraphNode relu = nodes.Single(node => node.Name == "relu (ReLU)");
        Assert.Equal(relu.Outputs, silu.Inputs);
        GraphNode escape = Assert.Single(nodes, node => node.Kind == NodeKind.Escape); // the view: nobody knows what became of it
        GraphNode view = nodes.First(node => node.Name.EndsWith("view", StringComparison.Ordinal));
        Assert.Contains(view.Outputs[0], escape.Inputs);
    }

    [Fact]
    public void Trace_WeightOfAnEmbedding_IsKnownByItsMemory()
    {
        using var scope = NewDisposeScope();
        using var model = new TracedModels.TiedTable();

        TraceResult traced = Trace(model, tensor(new long[] { 1, 5 }), out bool equal);

        Assert.True(equal);
        Assert.DoesNotContain(traced.Graph.Nodes, node => node.Kind == NodeKind.Escape);
        GraphNode constant = Assert.Single(traced.Graph.Nodes, node => node.Kind == NodeKind.ModelTensor);
        Assert.Equal("table.weight", traced.Graph.Values[constant.Outputs[0]].ParameterPath);
    }

    private static TraceResult Trace(nn.Module<Tensor, Tensor> model, Tensor input, out bool equal)
    {
        using var rewriter = new MethodRewriter();
        TraceResult traced = new Tracer(new NoHandlers(), rewriter).Trace(new ModelInventory(model), [input]);
        Assert.Null(traced.Failure);
        equal = traced.Outputs[0].eq(model.forward(input)).all().ToBoolean();
        return traced;
    }

    private static string[] Names(TraceResult traced) => [.. traced.Graph.Nodes.Select(node => node.Name)];

    internal sealed class NoHandlers : IHandlerSource
    {
        public string? FindNamesake(Type moduleType) => null;

        public IModuleHandler? FindModuleHandler(Type moduleType) => null;

        public IFunctionHandler? FindFunctionHandler(MethodInfo method) => null;
    }
}
