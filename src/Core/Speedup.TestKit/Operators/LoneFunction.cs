using System.Collections.ObjectModel;
using System.Reflection;
using Speedup.Abstractions;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Handlers;
using static TorchSharp.torch;

namespace Speedup.TestKit.Operators;

/// <summary>A call of a function.</summary>
internal sealed class LoneFunction(OperatorSubject subject, MethodInfo method, IFunctionHandler handler, HandlerLog log) : ILoneCall
{
    private readonly ObservedFunctionHandler _observed = new(handler, handler.Functions, log);
    private readonly LoneOperator _recorded = new([], [], [], subject.Arguments) { Method = method };

    /// <inheritdoc/>
    public IOperatorHandler Handler => _observed;

    /// <inheritdoc/>
    public bool IsRebuilt => false;

    /// <inheritdoc/>
    public Tensor[] Run(Tensor[] inputs) => Call(ReadOnlyDictionary<string, object?>.Empty, inputs);

    /// <inheritdoc/>
    public LoneOperator Describe(Tensor[] inputs, Tensor[] outputs) =>
        new(inputs, outputs, [], subject.Arguments)
        {
            Method = method,
            Handler = handler,
            Policy = subject.Policy,
            Unread = subject.Unread,
        };

    /// <inheritdoc/>
    public IReplacementJudge CreateJudge(Observation seen) =>
        new ReplacementJudge((_, inputs) => Run(inputs), null, seen, log) { Prepare = subject.Prepare };

    /// <inheritdoc/>
    public Func<Tensor[], Tensor[]> Replace(LoneOperator op)
    {
        IReadOnlyDictionary<string, object?> changed = _observed.Replace(op);
        return inputs => Call(changed, inputs);
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private Tensor[] Call(IReadOnlyDictionary<string, object?> changed, Tensor[] inputs) =>
        RepeatedFunction.Call(_recorded, changed, subject.Prepare(inputs));
}
