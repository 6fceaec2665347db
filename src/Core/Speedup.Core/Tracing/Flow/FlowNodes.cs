namespace Speedup.Core.Tracing.Flow;

/// <summary>Small ways to put values together.</summary>
internal static class FlowNodes
{
    /// <summary>A node that depends on all of some; one of them where it is the only one, and null where there is none.</summary>
    public static FlowNode? Join(IEnumerable<FlowNode> nodes)
    {
        FlowNode[] distinct = [.. nodes.Distinct()];
        if (distinct.Length <= 1)
            return distinct.FirstOrDefault();
        var joined = new FlowNode();
        foreach (FlowNode node in distinct)
            node.FlowTo(joined, FlowEdge.Value);
        return joined;
    }

    /// <summary>What is in a collection at an index.</summary>
    public static FlowValue ItemOf(FlowValue collection, FlowValue index, Type? item)
    {
        var own = new FlowNode();
        collection.Own?.FlowTo(own, FlowEdge.Value);
        index.Own?.FlowTo(own, FlowEdge.Value);
        collection.Content?.FlowTo(own, FlowTypes.IsTensor(item) ? FlowEdge.Chance : FlowEdge.Value);
        return new FlowValue(own, FlowTypes.HasContent(item) ? collection.Content : null, item);
    }

    /// <summary>Puts a value into an object, of which nothing more is told apart.</summary>
    public static void Put(FlowValue into, FlowValue value)
    {
        if (into.Content is not { } content)
            return;
        value.Own?.FlowTo(content, FlowTypes.IsTensor(value.Type) ? FlowEdge.Chance : FlowEdge.Value);
        FlowVariable.Alias(value.Content, content);
    }

    /// <summary>One of two values.</summary>
    public static FlowValue Either(FlowValue first, FlowValue second)
    {
        FlowVariable.Alias(first.Content, second.Content);
        return first with { Own = Join(new[] { first.Own, second.Own }.OfType<FlowNode>()) };
    }
}
