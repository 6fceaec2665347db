namespace Speedup.Abstractions;

/// <summary>Base class of function handlers: infers nothing and needs nothing, until overridden.</summary>
public abstract class FunctionHandler : IFunctionHandler
{
    private static readonly IReadOnlyDictionary<string, object?> Unchanged = new Dictionary<string, object?>();

    /// <inheritdoc/>
    public abstract IReadOnlyList<FunctionKey> Functions { get; }

    /// <inheritdoc/>
    public virtual OperatorDescription? Description => null;

    /// <inheritdoc/>
    public virtual void InferFromWeight(IOperator op) { }

    /// <inheritdoc/>
    public virtual void InferFromInput(IOperator op) { }

    /// <inheritdoc/>
    public virtual void InferFromOutput(IOperator op) { }

    /// <inheritdoc/>
    public abstract void Relate(IRelations relations);

    /// <inheritdoc/>
    public virtual void Constrain(IPlanning plan) { }

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, object?> Replace(IReplacement replacement) => Unchanged;

    /// <summary>Keys of functions of one type. One that the type does not have is reported when the handler is loaded.</summary>
    protected static IEnumerable<FunctionKey> KeysOf(Type type, params IEnumerable<string> names) =>
        names.Select(name => new FunctionKey(type, name));

    /// <summary>Keys of those functions of a family that one type has: of names with and without the underscore of in-place forms, say.</summary>
    protected static IEnumerable<FunctionKey> ExistingKeysOf(Type type, params IEnumerable<string> names) =>
        KeysOf(type, names).Where(key => key.FindMethods().Any());
}
