using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>
/// Finds out whether an embedding has a <c>max_norm</c>. TorchSharp keeps it in native memory only; but a module that has one shrinks
/// an entry that is too long when it is looked up. One entry is made long, looked up, and put back bit for bit.
/// </summary>
internal static class NormLimit
{
    private const double TooLong = 1e4;

    public static bool IsSet(TorchSharp.Modules.Embedding module)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor entry = module.weight!.narrow(0, 0, 1);
        Tensor backup = entry.clone();
        try
        {
            entry.fill_(TooLong);
            module.forward(zeros(1, dtype: ScalarType.Int64, device: entry.device));
            return !entry.eq(TooLong).all().ToBoolean();
        }
        finally
        {
            entry.copy_(backup);
        }
    }
}
