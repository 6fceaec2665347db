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

    /// <summary>Keeps all columns where rows have a largest norm, in which every column has a share.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hasNormLimit">Whether they have; it takes a look at the module, and is asked only where a column is to go.</param>
    public static void Constrain(IPlanning plan, Func<bool> hasNormLimit)
    {
        int[] removed = [.. Enumerable.Range(0, plan.Facts(Columns).Length).Where(i => plan.IsRemoved(Columns, i))];
        if (removed.Length == 0 || !hasNormLimit())
            return;
        foreach (int i in removed)
            plan.Keep(Columns, i, KeepCause.Barrier, NormLimit.Reason);
    }

    /// <summary>The module with the columns that stay; null where all do.</summary>
    /// <param name="replacement">What stays.</param>
    /// <param name="create">
    /// Makes a module around a table of the shape, dtype and device of the one it is given. Not by <c>from_pretrained</c>: the weight that such
    /// a module computes with is not the one that it shows, trains and saves.
    /// </param>
    public static nn.Module? Replace(IReplacement replacement, Func<Tensor, nn.Module> create)
    {
        if (replacement.Kept(Columns).Count == replacement.Facts(Columns).Length)
            return null;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor masked = replacement.FindParameter(Weight)!.Masked();
        Tensor columns = tensor(replacement.Kept(Columns).ToArray(), device: masked.device);
        Tensor small = masked.index_select(1, columns);
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
