using Speedup.Cli.Terminals;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Cli.Inspection;

/// <summary>What is in a file of masks or weights.</summary>
/// <param name="IsMasks">Whether all tensors are masks: as NNI nests them, or flat ones of nothing but 0 and 1.</param>
/// <param name="Tensors">The tensors, in the order of the file.</param>
internal sealed record TensorFileContent(bool IsMasks, IReadOnlyList<TensorContent> Tensors)
{
    /// <summary>The code of a file that is read, but holds something else than a state dict, such as NNI's nested masks.</summary>
    private const string NotAStateDict = "SPD1018";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model that lists of channels are of; null where there is none.</param>
    /// <param name="options">What of it is read, and under which names.</param>
    /// <exception cref="UsageException">It has lists of channels, and there is no model.</exception>
    public static TensorFileContent Read(string path, nn.Module? model, TensorFileOptions options)
    {
        using var scope = NewDisposeScope();
        if (Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            if (model is null)
                throw new UsageException("Lists of channels say nothing without their model: name it by --assembly and --type.");
            using MaskSet listed = MaskFile.Load(path, model, options);
            return OfMasks(listed);
        }
        StateDict weights;
        try
        {
            weights = StateDictFile.Load(path, options);
        }
        catch (PersistenceException fault) when (fault.Code == NotAStateDict)
        {
            using MaskSet masks = MaskFile.Load(path, options);
            return OfMasks(masks);
        }
        using (weights)
        {
            TensorContent[] tensors = [.. weights.Select(entry => TensorContent.Of(entry.Key, entry.Value))];
            return new TensorFileContent(tensors.Length > 0 && Array.TrueForAll(tensors, tensor => tensor.IsMask), tensors);
        }
    }

    private static TensorFileContent OfMasks(MaskSet masks) =>
        new(
            true,
            [
                .. masks.Entries.Select(entry =>
                    TensorContent.Of(entry.ModulePath.Length == 0 ? entry.Parameter : $"{entry.ModulePath}.{entry.Parameter}", entry.Mask)
                ),
            ]
        );
}
