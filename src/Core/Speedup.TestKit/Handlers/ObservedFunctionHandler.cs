using System.Collections.ObjectModel;
using Speedup.Abstractions;

namespace Speedup.TestKit.Handlers;

/// <summary>Stands before the handler of functions: notes what it claims, and looks at the arguments that it gives.</summary>
internal sealed class ObservedFunctionHandler(IFunctionHandler inner, IReadOnlyList<FunctionKey> functions, HandlerLog log)
    : IFunctionHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<FunctionKey> Functions => functions;

    /// <inheritdoc/>
    public OperatorDescription? Description => inner.Description;

    /// <inheritdoc/>
    public void InferFromWeight(IOperator op) => log.Infer(inner, nameof(InferFromWeight), op, inner.InferFromWeight);

    /// <inheritdoc/>
    public void InferFromInput(IOperator op) => log.Infer(inner, nameof(InferFromInput), op, inner.InferFromInput);

    /// <inheritdoc/>
    public void InferFromOutput(IOperator op) => log.Infer(inner, nameof(InferFromOutput), op, inner.InferFromOutput);

    /// <inheritdoc/>
    public void Relate(IRelations relations) => log.Relate(inner, relations);

    /// <inheritdoc/>
    public void Constrain(IPlanning plan) => log.Constrain(inner, plan);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        IReadOnlyDictionary<string, object?> changed = ReadOnlyDictionary<string, object?>.Empty;
        log.Call(inner, nameof(Replace), null, () => changed = inner.Replace(replacement));
        log.NoteReplacement(judge => judge.Judge(inner, replacement));
        return changed;
    }
}
