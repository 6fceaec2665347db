using Speedup.Abstractions;
using Speedup.Core.CodeWriting.Plans;
using Speedup.Core.Graph;
using Speedup.Onnx.Abstractions;
using Speedup.Onnx.Graphs;

namespace Speedup.Onnx.Emission;

/// <summary>Writes the calls of a plan as nodes. What cannot be written is noted, all of it.</summary>
/// <param name="plan">The plan.</param>
/// <param name="passes">The passes that it was read from, the example's first.</param>
/// <param name="operators">Writes the calls.</param>
/// <param name="graph">Takes the nodes.</param>
internal sealed class PlanEmitter(CodePlan plan, IReadOnlyList<ModelGraph> passes, OnnxOperators operators, GraphBuilder graph)
{
    private readonly Dictionary<int, OnnxValue> _values = [];
    private readonly MissingOperators _missing = new();
    private readonly List<string> _reasons = [];

    /// <summary>The modules and functions without an operator; none where all have one.</summary>
    public IReadOnlyList<string> Missing => _missing.Lines;

    /// <summary>Why calls cannot be written; none where all can.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>The value of an output, by the id of the plan.</summary>
    public OnnxValue this[int value] => _values[value];

    /// <summary>Writes all calls that an output depends on.</summary>
    /// <param name="constants">Values that are known, with their tensors.</param>
    /// <param name="folds">Whether these replace the calls that make them.</param>
    public void Emit(ConstantValues constants, bool folds)
    {
        foreach ((int value, string name) in plan.Inputs)
            _values[value] = Traced(value, graph.TakeName(name));
        foreach ((int value, CodeTensor tensor) in plan.Tensors)
            _values[value] = graph.Weight(passes[0].Values[value].ParameterPath ?? tensor.Name, tensor.Tensor);
        HashSet<CodeStep> needed = FindNeeded();
        foreach (CodeStep step in plan.Steps.Where(needed.Contains))
        {
            graph.Begin(NameOf(step));
            if (folds && constants.Replaces(step))
                foreach (int result in step.Results)
                    _values[result] = graph.Constant(constants.Tensors[result]);
            else if (step.Reads.FirstOrDefault(read => !_values.ContainsKey(read), -1) >= 0)
                Fail(
                    step,
                    $"{step.Name} reads a tensor that shares its memory with one that was changed in place; such a tensor cannot be followed."
                );
            else
                Write(step);
        }
        foreach (int output in plan.Outputs.Where(output => !_values.ContainsKey(output)))
            Fail(
                null,
                $"Output {plan.Outputs.Index().First(entry => entry.Item == output).Index} shares its memory with a tensor that was changed in place."
            );
    }

    private void Write(CodeStep step)
    {
        IOnnxOperator? op = step.Module is { } module ? operators.Find(module.Module.GetType()) : operators.Find(step.Method);
        if (op is null)
        {
            _missing.Add(step);
            Fail(step, null);
            return;
        }
        var call = new WrittenCall(
            step,
            graph,
            new CallArguments(graph, value => _values[value]),
            [.. step.Results.Select(id => Traced(id, ""))]
        );
        try
        {
            op.Emit(call);
        }
        catch (OnnxRefusalException refusal)
        {
            Fail(step, refusal.Message);
            return;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new SpeedupException(
                OnnxCodes.OperatorFailed,
                $"{op.GetType()} failed on {step.Name}: {fault.GetType().Name}: {fault.Message} Take out the plugin, or report it to its author.",
                fault
            );
        }
        Bind(step, op, call);
    }

    private void Bind(CodeStep step, IOnnxOperator op, WrittenCall call)
    {
        if (call.Returned is not { } returned || returned.Count < step.Results.Count)
            throw new SpeedupException(
                OnnxCodes.OperatorFailed,
                $"{op.GetType()} returned {call.Returned?.Count ?? 0} tensors for {step.Name}, which has {step.Results.Count}. Report it to the plugin's author."
            );
        foreach ((int result, OnnxValue value) in step.Results.Zip(returned))
            _values[result] = Traced(result, graph.Cast(value, passes[0].Values[result].DType).Name);
    }

    /// <summary>A value as the passes saw it.</summary>
    private OnnxValue Traced(int value, string name)
    {
        GraphValue traced = passes[0].Values[value];
        return new OnnxValue(
            name,
            traced.DType,
            [.. traced.Shape.Select((length, axis) => new OnnxLength(length, passes.All(pass => pass.Values[value].Shape[axis] == length)))]
        );
    }

    /// <summary>Notes a reason, and goes on with values that stand for what the call should have made.</summary>
    private void Fail(CodeStep? step, string? reason)
    {
        if (reason is not null)
            _reasons.Add(reason);
        foreach (int result in step?.Results ?? [])
            _values[result] = Traced(result, $"missing {result}");
    }

    private HashSet<CodeStep> FindNeeded()
    {
        var values = plan.Outputs.ToHashSet();
        var needed = new HashSet<CodeStep>(ReferenceEqualityComparer.Instance);
        foreach (CodeStep step in plan.Steps.Reverse().Where(step => step.Results.Any(values.Contains)))
        {
            needed.Add(step);
            values.UnionWith(step.Reads);
        }
        return needed;
    }

    private static string NameOf(CodeStep step) =>
        step.Module is { } module ? module.Path
        : step.Section.Length == 0 ? step.Method.Name
        : $"{step.Section}.{step.Method.Name}";
}
