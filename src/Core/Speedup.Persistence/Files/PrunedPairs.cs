using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>
/// The pairs that <c>torch.nn.utils.prune</c> leaves in a state dict until its <c>remove</c> is called: <c>weight_orig</c>, what was trained, and
/// <c>weight_mask</c>, of 0 and 1. The parameter itself, their product, is not in the file.
/// </summary>
internal static class PrunedPairs
{
    private const string Original = "_orig";
    private const string Mask = "_mask";

    /// <summary>The parameters of which there is a pair, and not the parameter itself.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> names)
    {
        HashSet<string> all = names.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. all.Where(IsOriginal)
                .Select(name => name[..^Original.Length])
                .Where(parameter => all.Contains(parameter + Mask) && !all.Contains(parameter)),
        ];
    }

    /// <summary>Whether a name is that of a value before its mask.</summary>
    public static bool IsOriginal(string name) => name.Length > Original.Length && name.EndsWith(Original, StringComparison.Ordinal);

    /// <summary>The name of a parameter's mask.</summary>
    public static string MaskOf(string parameter) => parameter + Mask;

    /// <summary>Puts the products in the places of the pairs.</summary>
    /// <param name="tensors">Emptied; what is in it goes into the result.</param>
    /// <param name="budget">What the products may cost.</param>
    /// <param name="errors">Makes errors.</param>
    public static StateDict Multiply(StateDict tensors, LoadBudget budget, FileErrors errors)
    {
        Dictionary<string, string> pairs = Find(tensors.Names).ToDictionary(parameter => parameter + Original, StringComparer.Ordinal);
        if (pairs.Count == 0)
            return tensors;
        HashSet<string> masks = [.. pairs.Values.Select(MaskOf)];
        var result = new StateDict();
        try
        {
            foreach (string name in tensors.Names.Where(name => !masks.Contains(name)).ToArray())
                result.Add(
                    pairs.GetValueOrDefault(name, name),
                    pairs.TryGetValue(name, out string? parameter) ? Product(tensors, parameter, budget, errors) : tensors.Release(name)
                );
        }
        catch
        {
            result.Dispose();
            throw;
        }
        foreach ((string key, string value) in tensors.Metadata)
            result.Metadata.Add(key, value);
        tensors.Dispose();
        return result;
    }

    private static Tensor Product(StateDict tensors, string parameter, LoadBudget budget, FileErrors errors)
    {
        Tensor original = tensors[parameter + Original];
        Tensor mask = tensors[MaskOf(parameter)];
        if (!original.shape.AsSpan().SequenceEqual(mask.shape))
            throw errors.Create(
                FileCodes.NotAStateDict,
                $"'{Quoted.Text(parameter)}' has a mask of shape [{string.Join(", ", mask.shape)}] and values of shape [{string.Join(", ", original.shape)}]. "
                    + "In Python, call torch.nn.utils.prune.remove before saving."
            );
        budget.Charge((2 * TensorBytes.LengthOf(original)) + LoadBudget.Tensor);
        using IDisposable frozen = no_grad();
        using Tensor factor = mask.to(original.dtype, copy: true);
        return original * factor;
    }
}
