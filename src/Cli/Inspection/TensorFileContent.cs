using Speedup.Core.Masks;
using Speedup.Core.Persistence;
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
    public static TensorFileContent Read(string path)
    {
        using var scope = NewDisposeScope();
        StateDict weights;
        try
        {
            weights = StateDictFile.Load(path);
        }
        catch (PersistenceException fault) when (fault.Code == NotAStateDict)
        {
            using MaskSet masks = MaskFile.Load(path);
            return new TensorFileContent(
                true,
                [
                    .. masks.Entries.Select(entry =>
                        TensorContent.Of(
                            entry.ModulePath.Length == 0 ? entry.Parameter : $"{entry.ModulePath}.{entry.Parameter}",
                            entry.Mask
                        )
                    ),
                ]
            );
        }
        using (weights)
        {
            TensorContent[] tensors = [.. weights.Select(entry => TensorContent.Of(entry.Key, entry.Value))];
            return new TensorFileContent(tensors.Length > 0 && Array.TrueForAll(tensors, tensor => tensor.IsMask), tensors);
        }
    }
}
