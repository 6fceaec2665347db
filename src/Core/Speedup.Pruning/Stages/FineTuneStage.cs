using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Pipeline;

namespace Speedup.Pruning.Stages;

/// <summary>Trains the model by the host's function: masked before a speedup, as it is after one.</summary>
/// <param name="train">The training. It may leave the model in any mode.</param>
/// <param name="settings">All that decides its result, in any words, such as learning rate and epochs; another text makes the stage run again.</param>
public sealed class FineTuneStage(Action<FineTuneContext> train, string settings) : IPipelineStage
{
    /// <inheritdoc/>
    public string Name => "fine-tune";

    /// <inheritdoc/>
    public string Settings => settings;

    /// <inheritdoc/>
    public StageEffects Effects => StageEffects.Model;

    /// <inheritdoc/>
    public void Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using AppliedMasks? masks = context.Masks is null ? null : new AppliedMasks(context.Model, context.Masks);
        masks?.Apply();
        train(new FineTuneContext(context, masks, settings));
        masks?.Apply();
    }
}
