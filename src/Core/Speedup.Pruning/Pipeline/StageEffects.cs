namespace Speedup.Pruning.Pipeline;

/// <summary>What a stage hands on to the next. What it does not name here is lost: the next stage gets what was there before.</summary>
[Flags]
public enum StageEffects
{
    /// <summary>Nothing but metrics and files of its own.</summary>
    None = 0,

    /// <summary>Masks: new ones, or none any more.</summary>
    Masks = 1,

    /// <summary>The model: other weights, or a smaller one.</summary>
    Model = 2,
}
