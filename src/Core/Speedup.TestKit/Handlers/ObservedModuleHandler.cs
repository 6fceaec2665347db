using Speedup.Abstractions;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Handlers;

/// <summary>Stands before the handler of a module: notes what it claims, and looks at what it builds.</summary>
internal sealed class ObservedModuleHandler(IModuleHandler inner, Type moduleType, HandlerLog log) : IModuleHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<Type> ModuleTypes => [moduleType];

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
    public Func<IReadOnlyDictionary<string, Tensor>, nn.Module>? FindBuilder(nn.Module original) => inner.FindBuilder(original);

    /// <inheritdoc/>
    public ModuleConstruction? FindConstruction(nn.Module replacement) => inner.FindConstruction(replacement);

    /// <inheritdoc/>
    public long CountMacs(IOperator op)
    {
        long macs = 0;
        log.Call(inner, nameof(CountMacs), op.Module, () => macs = inner.CountMacs(op));
        return macs;
    }

    /// <inheritdoc/>
    public SmallModule? Replace(IReplacement replacement)
    {
        SmallModule? small = null;
        log.Call(inner, nameof(Replace), replacement.Module, () => small = inner.Replace(replacement));
        if (small is null)
        {
            log.NoteReplacement(judge => judge.Judge(inner, replacement, null, replacement.Module));
            return null;
        }
        return new SmallModule(() => Build(replacement, small)) { ShrinksInside = small.ShrinksInside, Settings = small.Settings };
    }

    private nn.Module? Build(IReplacement replacement, SmallModule small)
    {
        nn.Module original = replacement.Module!;
        nn.Module? built = null; // no scope around it: the new module's tensors must outlive this method
        long left = 0;
        try
        {
            log.Call(
                inner,
                nameof(Replace),
                original,
                () =>
                {
                    long live = LiveTensors.Count;
                    built = small.Build();
                    left = LiveTensors.Count - live;
                }
            );
        }
        catch
        {
            log.NoteReplacement(judge => judge.Judge(inner, replacement, small, null));
            throw;
        }
        foreach (Finding finding in BuiltModule.Inspect(replacement, built, left))
            log.Note(finding.Kind, nameof(Replace), finding.Message);
        if (built is not null && !ReferenceEquals(built, original))
            log.NoteReplacement(judge => judge.Judge(inner, replacement, small, built));
        if (!log.FailsAfterReplace)
            return built;
        if (!ReferenceEquals(built, original))
            built?.Dispose();
        throw new InvalidOperationException("The kit fails here on purpose.");
    }
}
