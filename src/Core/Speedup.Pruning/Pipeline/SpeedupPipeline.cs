using System.Globalization;
using static TorchSharp.torch;

namespace Speedup.Pruning.Pipeline;

/// <summary>
/// Stages from a trained model to a small one, with a folder that keeps the result of each. A run takes from the folder what earlier runs have done, and does the
/// rest; every stage starts from what the folder holds, so that a run that was interrupted at any moment ends as one that was not.
/// </summary>
public sealed class SpeedupPipeline
{
    private readonly IReadOnlyList<IPipelineStage> _stages;
    private readonly string _name;
    private readonly long _seed;

    /// <summary>Creates a pipeline.</summary>
    /// <param name="name">Its name; a folder belongs to the pipeline of one name.</param>
    /// <param name="seed">What the seeds of all stages are derived from.</param>
    /// <param name="stages">The stages, in order.</param>
    /// <exception cref="PipelineException">There are none, or one has a name that is none (SPD9205).</exception>
    public SpeedupPipeline(string name, long seed, IReadOnlyList<IPipelineStage> stages)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Count == 0)
            throw new PipelineException(PipelineCodes.BadStages, $"Pipeline '{name}' has no stages. Add one, such as Prune.");
        if (stages.FirstOrDefault(stage => !IsName(stage.Name)) is { } wrong)
            throw new PipelineException(
                PipelineCodes.BadStages,
                $"'{wrong.Name}' ({wrong.GetType()}) is no name of a stage. Use letters, digits and hyphens, as in fine-tune."
            );
        _name = name;
        _seed = seed;
        _stages = [.. stages];
    }

    /// <summary>Runs the stages that the folder does not have.</summary>
    /// <param name="createModel">Builds the trained, dense model: a new object each time, always with the same weights.</param>
    /// <param name="inputs">
    /// Example inputs of <c>forward</c>, in order; they stay the caller's. Give the same values in each run: the errors in the reports of speedups are those on them.
    /// </param>
    /// <param name="folder">Where results are kept: empty, not there yet, or that of an earlier run.</param>
    /// <param name="progress">Told how far it is, on the thread of the run. Null: nobody.</param>
    /// <param name="cancellation">Looked at between stages, and handed to each.</param>
    /// <returns>The last model, and what became of each stage.</returns>
    /// <exception cref="PipelineException">
    /// The folder is another pipeline's (SPD9201) or in use (SPD9203), or a stage has failed (SPD9207): those before it are in the folder.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled. The next run goes on after the last stage that was done.</exception>
    public PipelineResult Run(
        Func<nn.Module> createModel,
        IReadOnlyList<Tensor> inputs,
        string folder,
        IProgress<PipelineProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(createModel);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var held = PipelineFolder.Open(folder);
        var run = new PipelineRun(held, CreateSeeded, inputs, progress, cancellation);
        return run.Run(_name, _seed, _stages);

        nn.Module CreateSeeded()
        {
            random.manual_seed(Fingerprint.Seed(_seed, 0, "model"));
            return createModel();
        }
    }

    private static bool IsName(string name) =>
        name.Length > 0
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
        && !int.TryParse(name, CultureInfo.InvariantCulture, out _);
}
