using System.Text.Json;
using Speedup.Core.Monitoring;
using Speedup.Core.Pipeline;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Pipeline;

namespace Speedup.Pruning.Stages;

/// <summary>Makes the masked model physically smaller. Afterwards there are no masks.</summary>
/// <param name="speedup">The engine.</param>
/// <param name="options">
/// Options. <see cref="ScatterPolicy.WhereFaster"/> decides by the clock: a run that was interrupted may then end otherwise.
/// </param>
public sealed class SpeedupStage(IModelSpeedup speedup, SpeedupOptions options) : IPipelineStage
{
    /// <inheritdoc/>
    public string Name => "speedup";

    /// <inheritdoc/>
    public string Settings =>
        JsonSerializer.Serialize(
            new
            {
                Policy = options.Policy.ToString(),
                options.Tolerance,
                options.Strict,
                Scatter = options.Scatter.ToString(),
                options.ProbeFunctions,
                options.VerifyOnFreshInputs,
                OtherInputs = options.OtherInputs.Select(inputs =>
                    inputs.Select(input => $"{input.dtype} {string.Join('x', input.shape)}")
                ),
                options.MaxRounds,
                options.MaxAttempts,
            }
        );

    /// <inheritdoc/>
    public StageEffects Effects => StageEffects.Masks | StageEffects.Model;

    /// <inheritdoc/>
    public void Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Masks is null)
            throw new PruningException(
                StageCodes.NoMasks,
                "There are no masks to make the model small by. Put a stage that prunes before this one."
            );
        var progress = new Relay(context, options.Progress);
        context.Report = speedup.Speedup(
            context.Model,
            context.Inputs,
            context.Masks,
            options with
            {
                Progress = progress,
            },
            context.Cancellation
        );
        context.IsSmall = true;
        context.Masks = null;
    }

    private sealed class Relay(StageContext context, IProgress<SpeedupProgress>? next) : IProgress<SpeedupProgress>
    {
        public void Report(SpeedupProgress value)
        {
            context.Tell($"{value.Phase} {value.Done} of {value.Total}");
            next?.Report(value);
        }
    }
}
