using Speedup.Persistence.Masks;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Pipeline;

namespace Speedup.Pruning.Stages;

/// <summary>Measures how good the model is by the host's function, with its masks where it has any. What the function does to the model is lost.</summary>
/// <param name="evaluate">The evaluation.</param>
/// <param name="settings">All that decides its result, in any words; another text makes the stage run again.</param>
public sealed class EvaluateStage(Func<EvaluationContext, ModelMetrics> evaluate, string settings) : IPipelineStage
{
    /// <inheritdoc/>
    public string Name => "evaluate";

    /// <inheritdoc/>
    public string Settings => settings;

    /// <inheritdoc/>
    public StageEffects Effects => StageEffects.None;

    /// <inheritdoc/>
    public void Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using (var masks = new AppliedMasks(context.Model, context.Masks ?? MaskSet.Empty))
            masks.Apply();
        context.Model.eval();
        context.Metrics = evaluate(new EvaluationContext(context.Model, settings, context.Cancellation));
    }
}
