namespace Speedup.Core.Tracing.Flow;

/// <summary>A field, an argument, a result or a variable whose address is taken: one place for all values that are ever in it.</summary>
/// <param name="type">Its type.</param>
internal sealed class FlowVariable(Type type)
{
    /// <summary>What its value depends on.</summary>
    public FlowNode Own { get; } = new();

    /// <summary>What is in the object that it refers to.</summary>
    public FlowNode? Content { get; } = FlowTypes.HasContent(type) ? new FlowNode() : null;

    /// <summary>Its type.</summary>
    public Type Type { get; } = type;

    /// <summary>Its value.</summary>
    public FlowValue Value => new(Own, Content, Type);

    /// <summary>Puts a value in it; where it is a reference to a variable, also the other way round.</summary>
    public void Assign(FlowValue value)
    {
        value.Own?.FlowTo(Own, FlowEdge.Value);
        Alias(value.Content, Content);
        if (Type.IsByRef && value.Own is { } own)
            Own.FlowTo(own, FlowEdge.Value);
    }

    /// <summary>Makes two contents the same.</summary>
    public static void Alias(FlowNode? first, FlowNode? second)
    {
        if (first is null || second is null)
            return;
        first.FlowTo(second, FlowEdge.Alias);
        second.FlowTo(first, FlowEdge.Alias);
    }
}
