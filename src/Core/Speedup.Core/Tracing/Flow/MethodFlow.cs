using System.Reflection;
using Speedup.Core.Graph;
using Speedup.Core.Models;

namespace Speedup.Core.Tracing.Flow;

/// <summary>A conditional branch or switch.</summary>
/// <param name="At">The instruction.</param>
/// <param name="Node">What it compares.</param>
internal readonly record struct FlowCondition(IlInstruction At, FlowNode Node);

/// <summary>A call of a TorchSharp function.</summary>
/// <param name="Function">The function.</param>
/// <param name="Arguments">Its arguments, the instance first.</param>
internal sealed record FlowCall(MethodInfo Function, IReadOnlyList<FlowValue> Arguments)
{
    /// <summary>Whether there is an argument that may come from a size.</summary>
    public bool HasNumbers => Numbers().Any();

    /// <summary>Names of the arguments that are computed from sizes: numbers, indices and shapes, but no tensors.</summary>
    public IReadOnlySet<string> FindSizeArguments() =>
        Numbers()
            .Where(number => number.Value.All.Any(node => node.ComputedFrom.HasFlag(ConditionKind.Size)))
            .Select(number => number.Name)
            .ToHashSet(StringComparer.Ordinal);

    private IEnumerable<(string Name, FlowValue Value)> Numbers()
    {
        int first = Function.IsStatic ? 0 : 1;
        return Function
            .GetParameters()
            .Where(parameter => !TensorTypes.CanHold(parameter.ParameterType))
            .Select(parameter => (parameter.Name!, Arguments[first + parameter.Position]))
            .Where(number => number.Item2.All.Any());
    }
}

/// <summary>How values flow through one method body, as it is called with arguments of certain kinds.</summary>
/// <param name="body">The body.</param>
/// <param name="isMaking">Whether the instance is an object that the caller has just made.</param>
internal sealed class MethodFlow(ResolvedBody body, bool isMaking) : FlowSignature(CallSignature.ParametersOf(body.Method), body.Returns)
{
    /// <summary>The body.</summary>
    public ResolvedBody Body { get; } = body;

    /// <summary>Whether the instance is an object that the caller has just made: what is written to it is no state.</summary>
    public bool IsMaking { get; } = isMaking;

    /// <summary>Its conditions, apart from those that compare nothing but literals.</summary>
    public List<FlowCondition> Conditions { get; } = [];

    /// <summary>Its indices that choose among objects: layers, functions, tensors.</summary>
    public List<FlowCondition> Indices { get; } = [];

    /// <summary>Where it returns a truth that is not literal.</summary>
    public List<FlowCondition> Truths { get; } = [];

    /// <summary>Whether a delegate or function value runs it, so that who is given that chooses by what it returns: <c>items.Where(...)</c>.</summary>
    public bool IsDelegated { get; set; }

    /// <summary>Its calls of TorchSharp functions, by offset.</summary>
    public Dictionary<int, FlowCall> Calls { get; } = [];

    /// <summary>The methods of user code that it calls, by offset, for the arguments that it calls them with.</summary>
    public Dictionary<int, MethodFlow> Callees { get; } = [];

    /// <summary>Methods that it does not call itself, but makes a delegate of, or an iterator.</summary>
    public HashSet<MethodFlow> Made { get; } = [];

    /// <summary>Whether it, or a method that it calls or makes something of, has a condition that is known to depend on anything.</summary>
    public bool HasConditions =>
        Reachable()
            .SelectMany(flow => flow.Conditions.Concat(flow.Indices).Concat(flow.IsDelegated ? flow.Truths : []))
            .Any(condition => condition.Node.Kinds != 0);

    /// <summary>Falls back on what holds of any body: what comes out may depend on all that goes in.</summary>
    public void Forget()
    {
        Conditions.Clear();
        Indices.Clear();
        Truths.Clear();
        Calls.Clear();
        Callees.Clear();
        Made.Clear();
        foreach (FlowVariable argument in Arguments)
        {
            argument.Own.FlowTo(Result.Own, FlowEdge.Value);
            argument.Content?.FlowTo(Result.Own, FlowEdge.Value);
            FlowVariable.Alias(argument.Content, Result.Content);
        }
    }

    /// <summary>Notes an index, which is on top of the stack when an instruction takes it.</summary>
    public void AddIndex(IlInstruction at, FlowValue index, Type? item)
    {
        if (index.Own is { } own && (FlowTypes.HasContent(item) || FlowTypes.IsTensor(item)))
            Indices.Add(new FlowCondition(at, own));
    }

    private HashSet<MethodFlow> Reachable()
    {
        HashSet<MethodFlow> reached = [this];
        var work = new Stack<MethodFlow>([this]);
        while (work.TryPop(out MethodFlow? flow))
        {
            foreach (MethodFlow callee in flow.Callees.Values.Concat(flow.Made).Where(reached.Add))
                work.Push(callee);
        }
        return reached;
    }
}
