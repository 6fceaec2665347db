namespace Speedup.TestKit.Reports;

/// <summary>What a plugin can do wrong.</summary>
public enum KitFaultKind
{
    /// <summary>The small model is not the masked model, or a handler claims a fact that does not hold.</summary>
    Soundness,

    /// <summary>Too little was removed of what could be.</summary>
    Completeness,

    /// <summary>A replacement is of another type, dtype, device or shape than planned, or could not be built.</summary>
    ShapeContract,

    /// <summary>Something that must stay was changed: the original module, training flags, <c>requires_grad</c>, a model whose speedup failed.</summary>
    StatePreservation,

    /// <summary>Tensors were left alive.</summary>
    Disposal,

    /// <summary>The same model and masks gave another result the second time.</summary>
    Determinism,

    /// <summary>The speedup itself failed for another reason; the message has the engine's.</summary>
    Engine,
}
