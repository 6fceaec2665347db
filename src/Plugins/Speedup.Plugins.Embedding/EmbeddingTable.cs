using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>The weight <c>[entries, width]</c> of embeddings and of bags of them: columns go, entries stay.</summary>
internal static class EmbeddingTable
{
    /// <summary>Name of the parameter.</summary>
    public const string Weight = "weight";

    /// <summary>Its columns.</summary>
    public static readonly AxisRef Columns = AxisRef.OfParameter(Weight, 1);

    /// <summary>The module with the columns that stay; null where all do.</summary>
    /// <param name="replacement">What stays.</param>
    /// <param name="create">
    /// Makes a module around a table of the shape, dtype and device of the one it is given. Not by <c>from_pretrained</c>: the weight that such
    /// a module computes with is not the one that it shows, trains and saves.
    /// </param>
    public static SmallModule? Replace(IReplacement replacement, Func<Tensor, nn.Module> create) =>
        replacement.Kept(Columns).Count == replacement.Facts(Columns).Length ? null : new SmallModule(() => Build(replacement, create));

    private static nn.Module Build(IReplacement replacement, Func<Tensor, nn.Module> create)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor masked = replacement.FindParameter(Weight)!.Masked();
        Tensor small = replacement.SelectKept(masked, 1, Columns);
        return Fill(create(small), small);
    }

    /// <summary>How a small table is made again.</summary>
    /// <param name="module">The table.</param>
    /// <param name="settings">What it is made with besides its sizes; the result takes it over.</param>
    public static ModuleConstruction ConstructionOf(nn.Module module, Dictionary<string, object?> settings)
    {
        Parameter weight = module.named_parameters(recurse: false).First().parameter;
        settings["num_embeddings"] = weight.shape[0];
        settings["embedding_dims"] = weight.shape[1];
        return new ModuleConstruction(module.GetType(), settings);
    }

    /// <summary>Writes a table into a module, and returns that.</summary>
    public static nn.Module Fill(nn.Module module, Tensor small)
    {
        using var noGradient = no_grad();
        foreach ((_, Parameter parameter) in module.named_parameters(recurse: false))
        {
            parameter.copy_(small);
            parameter.DetachFromDisposeScope(); // a native module does not do so itself
        }
        return module;
    }
}
