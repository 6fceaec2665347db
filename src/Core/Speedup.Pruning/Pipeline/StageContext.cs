using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Evaluation;
using static TorchSharp.torch;

namespace Speedup.Pruning.Pipeline;

/// <summary>What a stage works on, and where its results go.</summary>
public sealed class StageContext
{
    private readonly Action<string> _tell;
    private readonly List<string> _files = [];

    internal StageContext(PipelineState state, nn.Module original, StagePlace place, Action<string> tell)
    {
        Model = state.Model;
        Masks = state.Masks;
        IsSmall = state.IsSmall;
        Original = original;
        Inputs = place.Inputs;
        Folder = place.Folder;
        Seed = place.Seed;
        Cancellation = place.Cancellation;
        _tell = tell;
    }

    /// <summary>The model, fresh for this stage; it belongs to the pipeline.</summary>
    public nn.Module Model { get; }

    /// <summary>The dense model as the factory built it, for comparison; not to be changed. It belongs to the pipeline.</summary>
    public nn.Module Original { get; }

    /// <summary>Example inputs of <c>forward</c>, in order.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>
    /// The masks that are not in the model's shape yet; null where there are none. A stage with <see cref="StageEffects.Masks"/> sets it; the pipeline
    /// disposes what it sets.
    /// </summary>
    public MaskSet? Masks { get; set; }

    /// <summary>Whether a speedup has changed the model's shape. A stage that runs one sets it.</summary>
    public bool IsSmall { get; set; }

    /// <summary>Metrics to keep; null for none.</summary>
    public ModelMetrics? Metrics { get; set; }

    /// <summary>The report of a speedup to keep, without its times; null for none.</summary>
    public SpeedupReport? Report { get; set; }

    /// <summary>The pipeline's folder. A stage may write files into it, and must then name them by <see cref="Wrote"/>.</summary>
    public string Folder { get; }

    /// <summary>This stage's seed. TorchSharp's generator is set to it.</summary>
    public long Seed { get; }

    /// <summary>To be looked at as often as may be.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Files that were written, for the record.</summary>
    internal IReadOnlyList<string> Files => _files;

    /// <summary>Tells whoever watches how far the stage is.</summary>
    /// <param name="detail">A few words, such as <c>epoch 3 of 10</c>.</param>
    public void Tell(string detail) => _tell(detail);

    /// <summary>Notes a file that the stage has written. Where it is missing or another in a later run, the stage runs again.</summary>
    /// <param name="path">The file; a relative path is within <see cref="Folder"/>.</param>
    public void Wrote(string path) => _files.Add(path);
}
