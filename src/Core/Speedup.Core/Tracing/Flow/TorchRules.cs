using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Core.Graph;
using Speedup.Core.Models;

namespace Speedup.Core.Tracing.Flow;

/// <summary>What TorchSharp's functions say of sizes, data and chance. Of what a tensor was computed from, only chance is followed.</summary>
internal static class TorchRules
{
    /// <summary>A function on tensors, which yields tensors or looks at data.</summary>
    public static FlowValue Function(MethodInfo function, FlowValue[] arguments)
    {
        Type type = function.ReturnType;
        if (type == typeof(void))
            return FlowValue.Clean(type);
        FlowValue result = Computed(type, arguments);
        if (KnownOrigins.IsRandom(function))
            Add(result, ConditionKind.Random);
        if (!TensorTypes.CanHold(type))
        {
            Add(result, ConditionKind.Value);
            foreach (FlowNode node in arguments.SelectMany(argument => argument.All))
                node.FlowTo(result.Own!, FlowEdge.Value);
        }
        else if (!typeof(ITuple).IsAssignableFrom(type))
            result.Content?.Add(ConditionKind.Size); // how many parts there are
        return result;
    }

    /// <summary>A tensor, or several, computed from others.</summary>
    public static FlowValue Computed(Type type, FlowValue[] arguments)
    {
        var own = new FlowNode();
        foreach (FlowNode node in arguments.SelectMany(argument => argument.All))
            node.FlowTo(own, FlowEdge.Chance);
        if (!FlowTypes.HasContent(type))
            return new FlowValue(own, null, type);
        var content = new FlowNode();
        own.FlowTo(content, FlowEdge.Value);
        return new FlowValue(own, content, type);
    }

    /// <summary>A member that yields no tensor and looks at no data: lengths, indices, options.</summary>
    public static FlowValue Plain(MethodInfo member, FlowValue[] arguments)
    {
        Type type = member.ReturnType;
        ConditionKind kinds = KnownOrigins.OfTorch(member, arguments.Length > 0 ? arguments[0].Type : null);
        FlowNode[] sources = [.. arguments.SelectMany(SourcesOf).Distinct()];
        if (sources.Length == 0 && kinds == 0)
            return new FlowValue(null, FlowTypes.HasContent(type) ? new FlowNode() : null, type);
        var own = new FlowNode();
        FlowNode? content = FlowTypes.HasContent(type) ? new FlowNode() : null;
        foreach (FlowNode source in sources)
        {
            source.FlowTo(own, FlowEdge.Value);
            if (content is not null)
                source.FlowTo(content, FlowEdge.Value);
        }
        var result = new FlowValue(own, content, type);
        Add(result, kinds);
        return result;
    }

    /// <summary>What a member can see: of a module or another object of the user's, which one it is.</summary>
    private static IEnumerable<FlowNode> SourcesOf(FlowValue argument) =>
        argument.Type is { } type && typeof(TorchSharp.torch.nn.Module).IsAssignableFrom(type)
            ? argument.Own is { } own
                ? [own]
                : []
            : argument.All;

    private static void Add(FlowValue value, ConditionKind kinds)
    {
        value.Own?.Add(kinds);
        value.Content?.Add(kinds);
    }
}
