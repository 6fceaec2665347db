using Speedup.Abstractions;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Subjects;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.TestKit.Operators;

/// <summary>A call of a module with random parameters, buffers and masks, in float64.</summary>
internal sealed class LoneModule : ILoneCall
{
    private readonly OperatorSubject _subject;
    private readonly nn.Module _module;
    private readonly SubjectCall _call;
    private readonly ParameterFacts[] _state;
    private readonly ObservedModuleHandler _observed;
    private readonly HandlerLog _log;
    private readonly bool _isMasked;
    private nn.Module? _built;

    public LoneModule(
        OperatorSubject subject,
        nn.Module module,
        SubjectCall call,
        (IModuleHandler Handler, HandlerLog Log) tested,
        CaseDraw draw
    )
    {
        _subject = subject;
        _module = module;
        _call = call;
        _log = tested.Log;
        _observed = new ObservedModuleHandler(tested.Handler, module.GetType(), tested.Log);
        module.to(ScalarType.Float64);
        module.eval();
        RandomState.Fill(module, draw.Values);
        IReadOnlyDictionary<string, Tensor> masks = subject.Masks?.Invoke(module, draw.Random) ?? RandomState.DrawMasks(module, draw);
        _state = [.. Bits.Of(module).Select(entry => new ParameterFacts(entry.Name, entry.Value, masks.GetValueOrDefault(entry.Name)))];
        _isMasked = masks.Count > 0;
    }

    /// <inheritdoc/>
    public IOperatorHandler Handler => _observed;

    /// <inheritdoc/>
    public bool IsRebuilt => _built is not null;

    /// <inheritdoc/>
    public Tensor[] Run(Tensor[] inputs) => Call(_module, inputs);

    /// <inheritdoc/>
    public LoneOperator Describe(Tensor[] inputs, Tensor[] outputs) =>
        new(inputs, outputs, _state)
        {
            Module = _module,
            Policy = _subject.Policy,
            Unread = _subject.Unread,
            NarrowPlace = _subject.HoldsOtherTypes ? null : "a field of its type",
        };

    /// <inheritdoc/>
    public IReplacementJudge CreateJudge(Observation seen) => new ReplacementJudge(Call, _module, seen, _log);

    /// <inheritdoc/>
    public Func<Tensor[], Tensor[]> Replace(LoneOperator op)
    {
        SmallModule? small = op.RemovedCount > 0 || _isMasked || _state.Length == 0 ? _observed.Replace(op) : null;
        _built = small?.Build();
        _built?.eval();
        return inputs => Call(_built ?? _module, inputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _built?.Dispose();
        _module.Dispose();
    }

    /// <summary>Calls a module, the original with its masks.</summary>
    private Tensor[] Call(nn.Module? module, Tensor[] inputs)
    {
        Tensor[] own = _subject.Prepare([.. inputs.Select(input => input.clone())]); // it may work in place
        if (!ReferenceEquals(module, _module) || !_isMasked)
            return _call(module, own);
        using IDisposable dense = RandomState.Mask(_module, _state);
        return _call(module, own);
    }
}
