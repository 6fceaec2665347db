namespace Speedup.Core.Tracing.Flow;

/// <summary>What is known of a value on the stack or in a variable.</summary>
/// <param name="Own">What it depends on, for a reference: which object it is; null for nothing.</param>
/// <param name="Content">What is in the object, or in what is reached from it; null where there is nothing of interest.</param>
/// <param name="Type">Its type; null where it is not known.</param>
/// <param name="IsFresh">Whether it is an object, or the address of a variable, that this method made.</param>
/// <param name="Pointed">The method that it points to, before a delegate is made of it.</param>
/// <param name="IsField">Whether it is the address of a field that may outlive the pass.</param>
internal readonly record struct FlowValue(
    FlowNode? Own,
    FlowNode? Content,
    Type? Type,
    bool IsFresh = false,
    System.Reflection.MethodInfo? Pointed = null,
    bool IsField = false
)
{
    /// <summary>A value that depends on nothing.</summary>
    public static FlowValue Clean(Type? type) => new(null, null, type);

    /// <summary>Which object it is and what is in it.</summary>
    public IEnumerable<FlowNode> All => new[] { Own, Content }.OfType<FlowNode>();
}
