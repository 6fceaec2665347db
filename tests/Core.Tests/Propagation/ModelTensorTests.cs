using Core.Tests.Kernel;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Propagation;

/// <summary>Parameters and buffers that code reads by itself.</summary>
public sealed class ModelTensorTests
{
    [Fact]
    public void Infer_MaskedSlicesAndEqualOnes_AreConstant()
    {
        using var sketch = new GraphSketch(new Model());
        int table = sketch.Constant("table", 2, 3);

        OperatorGraph graph = sketch.Infer(
            new MaskEntry(
                "",
                "table",
                tensor(
                    new float[,]
                    {
                        { 0, 1, 1 },
                        { 0, 1, 1 },
                    }
                )
            )
        );

        AxisFacts columns = graph.Values[table][1];
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(columns.IsConstant));
        Assert.Equal((0, 5), (columns.ConstantAt(0), columns.ConstantAt(1)));
        Assert.False(graph.Values[table][0].AnyConstant);
    }

    [Fact]
    public void Infer_ScalarOfTheModel_IsConstantAsAWhole()
    {
        using var sketch = new GraphSketch(new Model());
        int scale = sketch.Constant("scale");

        Assert.Equal(0.5, sketch.Infer().Values[scale].FindConstant());
    }

    [Fact]
    public void Plan_SlicesTheParameterWithItsReader()
    {
        using var sketch = new GraphSketch(new Model());
        int table = sketch.Constant("table", 2, 3);
        sketch.Call(new Step("b", new Script { Relate = relations => relations.Release(AxisRef.OfInput(0, 1)) }), [2, 1], table);
        OperatorGraph graph = sketch.Infer();

        RemovalPlan plan = new Planner(graph, []).Plan([], new HashSet<Tensor>());

        Assert.Equal([0, 2], plan.KeptOn(new AxisKey(table, 1), 3));
        AxisKey parameter = graph.Operators[0].KeyOf(AxisRef.OfParameter("table", 1));
        Assert.Equal([0, 2], plan.KeptOn(parameter, 3));
    }

    [Fact]
    public void Find_WholeNumbersAndTensorsOfNobody_AreBarriers()
    {
        using var sketch = new GraphSketch(new Model());
        sketch.Constant("elsewhere.table", 2, 3);
        sketch.Add(NodeKind.ModelTensor, "drawn", [], [2, 3]);

        Assert.All(sketch.Build().Operators, op => Assert.Null(op.Handler));
    }

    /// <summary>A layer of TorchSharp's that is called by a type without handler reads its parameters itself.</summary>
    [Fact]
    public void Find_ParameterOfALayerThatNobodyCanBuildAnew_IsABarrier()
    {
        using var sketch = new GraphSketch(new Model());
        sketch.Constant("layer.weight", 2, 3);

        Assert.Null(Assert.Single(sketch.Build().Operators).Handler);
    }

    private sealed class Model : nn.Module
    {
        private readonly Parameter table = new(
            tensor(
                new float[,]
                {
                    { 1, 5, 2 },
                    { 3, 5, 4 },
                }
            )
        );
        private readonly Linear layer = nn.Linear(3, 2);

        public Model()
            : base("model")
        {
            RegisterComponents();
            register_buffer("scale", torch.tensor(0.5f));
        }
    }
}
