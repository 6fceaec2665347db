using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>
/// Finds out whether an embedding has a <c>max_norm</c>. TorchSharp keeps it in native memory only; but a module that has one shrinks
/// an entry that is too long when it is looked up. For a moment the module looks up in a table of long entries of one column; its own is not touched.
/// </summary>
internal static class NormLimit
{
    /// <summary>Why columns of a module that has one stay.</summary>
    public const string Reason = "it has a max_norm, which TorchSharp does not show, and changes its weight as it runs";

    private const double TooLong = 1e4;

    /// <summary>A bag of one entry, whether the last offset starts a bag or ends one: without an end the native module writes past its bags.</summary>
    private static readonly long[] Offsets = [0, 1];

    public static bool IsSet(TorchSharp.Modules.Embedding module) =>
        IsSet(OtherTable.WeightOf(module), table => module.weight = table, first => module.forward(first));

    public static bool IsSet(TorchSharp.Modules.EmbeddingBag module) =>
        IsSet(
            OtherTable.WeightOf(module),
            table => module.weight = table,
            first => module.call(first, tensor(Offsets, device: first.device))
        );

    private static bool IsSet(Parameter weight, Action<Parameter> use, Action<Tensor> lookUp)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var table = nn.Parameter(full([weight.shape[0], 1], TooLong, weight.dtype, weight.device));
        return OtherTable.Use(
            weight,
            table,
            use,
            () =>
            {
                lookUp(zeros(1, dtype: ScalarType.Int64, device: table.device));
                return !table.eq(TooLong).all().ToBoolean();
            }
        );
    }
}
