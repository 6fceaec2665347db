namespace Speedup.Core.Tracing.Flow;

/// <summary>What is on the stack and in the local variables before an instruction.</summary>
/// <param name="locals">The local variables.</param>
/// <param name="stack">The stack, its top last.</param>
internal sealed class FlowState(FlowValue[] locals, List<FlowValue> stack)
{
    /// <summary>The local variables.</summary>
    public FlowValue[] Locals { get; } = locals;

    /// <summary>The stack, its top last.</summary>
    public List<FlowValue> Stack { get; } = stack;

    /// <summary>A copy that can change by itself.</summary>
    public FlowState Copy() => new([.. Locals], [.. Stack]);

    /// <summary>The same variables with another stack.</summary>
    public FlowState WithStack(params FlowValue[] stack) => new([.. Locals], [.. stack]);

    /// <summary>Puts a value on the stack.</summary>
    public void Push(FlowValue value) => Stack.Add(value);

    /// <summary>Takes a value from the stack.</summary>
    /// <exception cref="RewriteException">There is none.</exception>
    public FlowValue Pop()
    {
        if (Stack.Count == 0)
            throw new RewriteException("a body takes more from the stack than is there");
        FlowValue top = Stack[^1];
        Stack.RemoveAt(Stack.Count - 1);
        return top;
    }

    /// <summary>Takes several values from the stack, in the order in which they were put there.</summary>
    public FlowValue[] Pop(int count)
    {
        if (Stack.Count < count)
            throw new RewriteException("a body takes more from the stack than is there");
        FlowValue[] taken = [.. Stack[^count..]];
        Stack.RemoveRange(Stack.Count - count, count);
        return taken;
    }

    /// <summary>A state for a place that is reached from several others, of which this is the first.</summary>
    public FlowState Open() => new([.. Locals.Select(Open)], [.. Stack.Select(Open)]);

    /// <summary>Notes that another place leads to one that was opened.</summary>
    public void FlowTo(FlowState opened)
    {
        for (int i = 0; i < Locals.Length; i++)
            Merge(Locals[i], opened.Locals[i]);
        for (int i = 0; i < Math.Min(Stack.Count, opened.Stack.Count); i++)
            Merge(Stack[i], opened.Stack[i]);
    }

    /// <summary>Makes one value depend on another that may stand in its place.</summary>
    public static void Merge(FlowValue from, FlowValue to)
    {
        if (to.Own is not null)
            from.Own?.FlowTo(to.Own, FlowEdge.Value);
        FlowVariable.Alias(from.Content, to.Content);
    }

    private static FlowValue Open(FlowValue value) =>
        value with
        {
            Own = new FlowNode(),
            Content = FlowTypes.HasContent(value.Type) ? new FlowNode() : null,
            IsFresh = false,
        };
}
