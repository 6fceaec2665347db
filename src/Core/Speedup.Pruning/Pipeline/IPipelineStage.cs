namespace Speedup.Pruning.Pipeline;

/// <summary>
/// One step of a pipeline. The same stage may run in several runs of its pipeline, but never twice at once. Its result must depend on nothing but its
/// settings, its context and TorchSharp's generator, which is set before: then a pipeline that was interrupted ends as one that was not.
/// </summary>
public interface IPipelineStage
{
    /// <summary>A word of letters, digits and hyphens, such as <c>prune</c>; the name of its folder ends in it.</summary>
    string Name { get; }

    /// <summary>All that decides its result, in any words. Where the text is another than in an earlier run, the stage and all later ones run again.</summary>
    string Settings { get; }

    /// <summary>What it hands on.</summary>
    StageEffects Effects { get; }

    /// <summary>Does the work.</summary>
    /// <param name="context">The model and masks as the stage before left them, and the place for results.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled; the stage will run again.</exception>
    void Run(StageContext context);
}
