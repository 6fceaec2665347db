using Speedup.Core.SmallModels;
using Speedup.Persistence;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Pipeline;

namespace Speedup.Pruning.Stages;

/// <summary>Writes the model into a file.</summary>
public sealed class SaveStage : IPipelineStage
{
    private const string Whole = ".speedup";
    private static readonly string[] Weights = [".pth", ".pt", ".safetensors"];
    private readonly string _path;

    /// <summary>Creates a stage.</summary>
    /// <param name="path">
    /// <c>.speedup</c> for a small model as a whole, <c>.pth</c>, <c>.pt</c> or <c>.safetensors</c> for weights alone. A relative path is within the
    /// pipeline's folder.
    /// </param>
    /// <exception cref="PruningException">It has another extension (SPD9222).</exception>
    public SaveStage(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!IsWhole(path) && !Weights.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw new PruningException(
                StageCodes.BadPath,
                $"'{path}' cannot be written: it must end in {Whole}, or in {string.Join(", ", Weights)} for weights alone."
            );
        _path = path;
    }

    /// <inheritdoc/>
    public string Name => "save";

    /// <inheritdoc/>
    public string Settings => _path;

    /// <inheritdoc/>
    public StageEffects Effects => StageEffects.None;

    /// <inheritdoc/>
    public void Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string target = Path.Combine(context.Folder, _path);
        if (!IsWhole(_path))
            StateDictFile.Save(context.Model, target);
        else if (context.IsSmall)
            SmallModel.Save(context.Model, target);
        else
            throw new PruningException(
                StageCodes.NotSmall,
                $"'{_path}' holds small models, and no stage before has made this one small. Put a speedup before, or save as .safetensors."
            );
        context.Wrote(_path);
    }

    private static bool IsWhole(string path) => Path.GetExtension(path).Equals(Whole, StringComparison.OrdinalIgnoreCase);
}
