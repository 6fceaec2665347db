using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Pruning.Pipeline;

/// <summary>One run of a pipeline in its folder.</summary>
internal sealed class PipelineRun(
    PipelineFolder folder,
    Func<nn.Module> createModel,
    IReadOnlyList<Tensor> inputs,
    IProgress<PipelineProgress>? progress,
    CancellationToken cancellation
)
{
    private readonly StageFiles _files = new(folder);
    private readonly List<StageResult> _results = [];

    public PipelineResult Run(string name, long seed, IReadOnlyList<IPipelineStage> stages)
    {
        using nn.Module original = createModel();
        folder.Claim(
            new PipelineManifest(PipelineManifest.CurrentFormat, name, original.GetType().FullName!, Fingerprint.OfLayout(original))
        );
        string chain = Fingerprint.Of(
            Fingerprint.OfWeights(original),
            $"{seed}",
            string.Join(", ", inputs.Select(input => $"{input.dtype} {string.Join('x', input.shape)}"))
        );
        StageRecord? record = null;
        for (int i = 0; i < stages.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var step = new Step(stages[i], i + 1, stages.Count, Fingerprint.Seed(seed, i + 1, stages[i].Name));
            (record, chain) = Settle(step, original, record, Fingerprint.Of(chain, stages[i].Name, stages[i].Settings));
        }
        folder.RemoveOthers(_results.Select(result => result.Folder).ToHashSet(StringComparer.Ordinal));
        PipelineState end = _files.Load(CreateModel(original), record);
        end.Masks?.Dispose();
        return new PipelineResult(end.Model, _results);
    }

    /// <summary>Finds the result of a stage in the folder, or makes it.</summary>
    /// <returns>The record of the stage, and what the next one's fingerprint starts from.</returns>
    private (StageRecord, string) Settle(Step step, nn.Module original, StageRecord? before, string fingerprint)
    {
        if (folder.Find(step.Folder, fingerprint) is var (found, hash))
        {
            End(step, found, StageStatus.Reused);
            return (found, hash);
        }
        Tell(step, StageStatus.Running);
        StageRecord record = Make(step, original, before, fingerprint);
        string written = folder.Write(step.Folder, record);
        End(step, record, StageStatus.Done);
        return (record, written);
    }

    private StageRecord Make(Step step, nn.Module original, StageRecord? before, string fingerprint)
    {
        Directory.CreateDirectory(folder.PathOf(step.Folder));
        using PipelineState state = _files.Load(CreateModel(original), before);
        var place = new StagePlace(folder.Path, step.Seed, inputs, cancellation);
        var context = new StageContext(state, original, place, detail => Tell(step, StageStatus.Running, detail));
        random.manual_seed(step.Seed);
        try
        {
            step.Stage.Run(context);
            cancellation.ThrowIfCancellationRequested();
            return _files.Save(context, step.Stage, step.Folder, fingerprint, before);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            string done = step.Number == 1 ? "" : $" Stages 1 to {step.Number - 1} are in '{folder.Path}', and are not run again.";
            throw new PipelineException(
                PipelineCodes.StageFailed,
                $"Stage {step.Number} of {step.Count}, '{step.Stage.Name}', has failed: {fault.Message}{done}",
                fault
            );
        }
        finally
        {
            if (!ReferenceEquals(context.Masks, state.Masks))
                Dispose(context.Masks);
        }
    }

    /// <summary>A model that no stage has seen.</summary>
    private nn.Module CreateModel(nn.Module original)
    {
        nn.Module model = createModel();
        if (ReferenceEquals(model, original))
            throw new PipelineException(
                PipelineCodes.SameModel,
                $"The function that builds the model has returned the same {model.GetType().Name} twice. Have it build a new one in each call."
            );
        return model;
    }

    private static void Dispose(MaskSet? masks) => masks?.Dispose();

    private void End(Step step, StageRecord record, StageStatus status)
    {
        _results.Add(new StageResult(step.Stage.Name, step.Folder, status, record.Metrics));
        Tell(step, status, record.Metrics?.ToString() ?? "");
    }

    private void Tell(Step step, StageStatus status, string detail = "") =>
        progress?.Report(new PipelineProgress(step.Number, step.Count, step.Stage.Name, status, detail));

    /// <summary>A stage in its place.</summary>
    private sealed record Step(IPipelineStage Stage, int Number, int Count, long Seed)
    {
        public string Folder => StageFiles.NameOf(Number, Stage.Name);
    }
}
