using Speedup.Core.CodeWriting.Passes;
using Speedup.Core.CodeWriting.Plans;
using Speedup.Core.Graph;
using Speedup.Core.Verification;
using Speedup.Onnx.Emission;
using Speedup.Onnx.Graphs;
using static TorchSharp.torch;

namespace Speedup.Onnx;

/// <summary>One graph of a model, with some axes of its inputs free. Its tensors belong to the dispose scope that it is made in.</summary>
internal sealed class ExportAttempt
{
    private readonly List<string> _reasons = [];

    private ExportAttempt() { }

    /// <summary>The graph; null where there is none.</summary>
    public OnnxGraph? Graph { get; private set; }

    /// <summary>The modules and functions without an operator.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Why there is no graph, beside what is missing.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>What a user of the graph is to know.</summary>
    public IReadOnlyList<string> Remarks { get; private set; } = [];

    /// <summary>The inputs that the graph was made from, with what the model gave.</summary>
    public IReadOnlyList<CheckInput> Passes { get; private set; } = [];

    /// <summary>Traces a model, and writes its calls.</summary>
    public static ExportAttempt Make(
        ModelParts model,
        OnnxOperators operators,
        IReadOnlyList<Tensor> example,
        InputAxes axes,
        OnnxExportOptions options
    )
    {
        var attempt = new ExportAttempt();
        using ModelPasses passes = ModelPasses.Run(
            model.Inventory,
            model.State,
            model.Rewriter,
            example,
            PassesFor(operators, axes, options)
        );
        attempt.Passes = passes.Taken;
        attempt.Remarks = passes.Remarks;
        attempt._reasons.AddRange(passes.Reasons);
        var builder = new PlanBuilder(model.Inventory, passes.Graphs, example, new GraphTarget());
        CodePlan plan = builder.Build();
        attempt._reasons.AddRange(builder.Reasons);
        var constants = new ConstantValues(plan);
        if (attempt._reasons.Count == 0)
            passes.Compare(new PlanRunner(plan, module => module.Module), attempt._reasons, constants.Note);
        attempt.Write(plan, passes.Graphs, operators, constants, axes, options);
        return attempt;
    }

    /// <summary>The same with further remarks.</summary>
    public ExportAttempt With(IEnumerable<string> remarks)
    {
        Remarks = [.. Remarks, .. remarks];
        return this;
    }

    private void Write(
        CodePlan plan,
        IReadOnlyList<ModelGraph> graphs,
        OnnxOperators operators,
        ConstantValues constants,
        InputAxes axes,
        OnnxExportOptions options
    )
    {
        var builder = new GraphBuilder();
        var emitter = new PlanEmitter(plan, graphs, operators, builder);
        emitter.Emit(constants, options.FoldConstants);
        Missing = emitter.Missing;
        _reasons.AddRange(emitter.Reasons);
        if (Missing.Count + _reasons.Count > 0)
            return;
        var ports = new GraphPorts(plan, graphs, axes.NamesOf(Passes, [.. plan.Inputs.Select(input => input.Name)]));
        Graph = new OnnxGraph
        {
            Name = "model",
            Inputs = ports.Inputs,
            Outputs = ports.Outputs,
            Nodes = builder.Nodes,
            Initializers = builder.Initializers,
        };
        OutputNames.Apply(Graph, [.. plan.Outputs.Select(output => emitter[output].Name)]);
    }

    private static PassOptions PassesFor(OnnxOperators operators, InputAxes axes, OnnxExportOptions options) =>
        new()
        {
            Handlers = new OneCallModules(operators),
            Product = "an ONNX graph",
            Short = "the graph",
            PathOption = $"{nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.AllowOtherPaths)}",
            OtherInputs = options.OtherInputs,
            AllowOtherPaths = options.AllowOtherPaths,
            MayVary = axes.MayVary,
        };
}
