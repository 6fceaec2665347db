using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Masks for tests.</summary>
internal static class MaskFactory
{
    /// <summary>Prunes rows of a module's weight; the bias stays, so that the channel keeps a constant.</summary>
    public static MaskEntry Rows(nn.Module model, string path, params int[] pruned)
    {
        Tensor mask = ones(model.state_dict()[$"{path}.weight"].shape).DetachFromDisposeScope();
        foreach (int row in pruned)
            mask[row].zero_().Dispose();
        return new MaskEntry(path, "weight", mask);
    }

    /// <summary>A set of masks.</summary>
    public static MaskSet Set(params MaskEntry[] entries) => new(entries);
}
