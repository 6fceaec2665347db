using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>Stands before the handler under test: notes what it claims, and looks at what it builds.</summary>
internal sealed class ObservedHandler(IModuleHandler inner, Type moduleType) : IModuleHandler
{
    private readonly List<(KitFaultKind Kind, string Message)> _findings = [];

    /// <inheritdoc/>
    public IReadOnlyList<Type> ModuleTypes => [moduleType];

    /// <summary>The call with all facts at the fixed point; null until it is reached, and where there are several calls.</summary>
    public IOperator? Settled { get; private set; }

    /// <summary>What is wrong with replacements so far.</summary>
    public IReadOnlyList<(KitFaultKind Kind, string Message)> Findings => _findings;

    /// <summary>What the handler has related; null before it is asked.</summary>
    public TieRecorder? Ties { get; private set; }

    /// <summary>The handler under test.</summary>
    public IModuleHandler Inner => inner;

    /// <summary>What is wrong with the replacement in this case, by its own outputs, the first one; null where nothing is, or it was not looked at.</summary>
    public string? WrongReplacement { get; private set; }

    /// <summary>Looks at a replacement by its own outputs; null for not at all.</summary>
    public Func<IReplacement, SmallModule, nn.Module, string?>? Judge { get; set; }

    /// <summary>Whether the engine is to fail as soon as a replacement was built.</summary>
    public bool FailsAfterReplace { get; set; }

    /// <summary>Forgets the last case.</summary>
    public void Reset()
    {
        Settled = null;
        Ties = null;
        FailsAfterReplace = false;
        WrongReplacement = null;
        Judge = null;
        _findings.Clear();
    }

    /// <inheritdoc/>
    public void InferFromWeight(IOperator op) => inner.InferFromWeight(op);

    /// <inheritdoc/>
    public void InferFromInput(IOperator op) => inner.InferFromInput(op);

    /// <inheritdoc/>
    public void InferFromOutput(IOperator op) => inner.InferFromOutput(op);

    /// <inheritdoc/>
    public void Relate(IRelations relations)
    {
        Settled = relations;
        Ties = new TieRecorder(relations);
        inner.Relate(Ties);
    }

    /// <inheritdoc/>
    public void Constrain(IPlanning plan) => inner.Constrain(plan);

    /// <inheritdoc/>
    public ModuleConstruction? FindConstruction(nn.Module replacement) => inner.FindConstruction(replacement);

    /// <inheritdoc/>
    public long CountMacs(IOperator op) => inner.CountMacs(op);

    /// <inheritdoc/>
    public SmallModule? Replace(IReplacement replacement) =>
        inner.Replace(replacement) is { } small
            ? new SmallModule(() => Build(replacement, small)) { ShrinksInside = small.ShrinksInside, Settings = small.Settings }
            : null;

    private nn.Module? Build(IReplacement replacement, SmallModule small)
    {
        nn.Module original = replacement.Module!;
        IReadOnlyList<(string Name, Tensor Value)> before = Bits.Copy(original);
        long live = LiveTensors.Count;
        nn.Module? built = small.Build(); // no scope around it: the new module's tensors must outlive this method
        long left = LiveTensors.Count - live;
        if (Bits.FindChange(before, original) is { } changed)
            Note(KitFaultKind.StatePreservation, $"Replace has changed '{changed}' of the original module.");
        foreach ((_, Tensor copy) in before)
            copy.Dispose();
        Inspect(replacement, built, left);
        if (built is not null && !ReferenceEquals(built, original))
            WrongReplacement ??= Judge?.Invoke(replacement, small, built); // a later attempt may be right, and the handler is not for that
        if (!FailsAfterReplace)
            return built;
        if (!ReferenceEquals(built, original))
            built?.Dispose();
        throw new InvalidOperationException("The kit fails here on purpose.");
    }

    private void Inspect(IReplacement replacement, nn.Module? built, long left)
    {
        nn.Module original = replacement.Module!;
        if (ReferenceEquals(built, original))
        {
            Note(KitFaultKind.ShapeContract, "Replace has returned the original module; null says that it serves as it is.");
            return;
        }
        if (built is not null && built.GetType() != original.GetType() && replacement.FindNarrowPlace(built.GetType()) is { } place)
            Note(
                KitFaultKind.ShapeContract,
                $"Replace has built a {built.GetType()} for a {original.GetType()}, which {place} cannot hold."
            );
        int owned = built is null ? 0 : Bits.Of(built).Count();
        if (left > owned)
            Note(
                KitFaultKind.Disposal,
                $"Replace has left {left} tensors alive, but the new module holds {owned}: compute within a dispose scope."
            );
        if (built is null)
            return;
        Dictionary<string, Tensor> old = Bits.Of(original).ToDictionary(entry => entry.Name, entry => entry.Value);
        foreach ((string name, Tensor value) in Bits.Of(built))
        {
            Tensor reference = old.GetValueOrDefault(name) ?? old.Values.First();
            if (value.dtype != reference.dtype || value.device.ToString() != reference.device.ToString())
                Note(
                    KitFaultKind.ShapeContract,
                    $"'{name}' of the new module is {value.dtype} on {value.device}, that of the original {reference.dtype} on {reference.device}."
                );
        }
    }

    private void Note(KitFaultKind kind, string message) => _findings.Add((kind, message));
}
