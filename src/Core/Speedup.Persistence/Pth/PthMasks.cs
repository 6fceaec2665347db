using Speedup.Persistence.Masks;
using Speedup.Persistence.Pickling;
using static TorchSharp.torch;

namespace Speedup.Persistence.Pth;

/// <summary>
/// Reads a .pth file of masks as NNI writes it, <c>{module path: {parameter: tensor or None}}</c>, or the masks that
/// <c>torch.nn.utils.prune</c> leaves in a state dict.
/// </summary>
internal static class PthMasks
{
    /// <summary>Reads the masks of all parameters that have one; of a state dict those of its pairs.</summary>
    public static List<MaskEntry> Read(string path, TensorFileOptions options)
    {
        using PthDocument document = PthDocument.Open(path);
        if (document.Root is not PickleDict)
            throw NotMasks(document, $"it holds {PthStateDict.Word(document.Root)}, not a dict");
        PickleDict modules = PthStateDict.FindPart(document, options.Key);
        using var scope = NewDisposeScope();
        List<MaskEntry> entries = modules.Items.Any(entry =>
            entry is { Key: string name, Value: TensorRef } && PrunedPairs.IsOriginal(name)
        )
            ? ReadPairs(document, options)
            : ReadModules(document, modules, options);
        scope.Detach(entries.Select(entry => entry.Mask));
        return entries;
    }

    private static List<MaskEntry> ReadPairs(PthDocument document, TensorFileOptions options)
    {
        (string Name, TensorRef Tensor)[] found = [.. PthStateDict.Find(document, options)];
        document.Budget.Charge(2L * LoadBudget.Hashed * found.Length); // by name here, and to find the pairs
        Dictionary<string, TensorRef> tensors = found.ToDictionary(StringComparer.Ordinal);
        IReadOnlyList<string> pairs = PrunedPairs.Find(tensors.Keys);
        return pairs.Count > 0
            ? [.. pairs.Select(parameter => FlatNames.Entry(parameter, document.Tensor(tensors[PrunedPairs.MaskOf(parameter)])))]
            : throw NotMasks(document, "it holds tensors by name, and none of them is the mask of another");
    }

    private static List<MaskEntry> ReadModules(PthDocument document, PickleDict modules, TensorFileOptions options)
    {
        var names = new TensorNames(options, document.Budget, document.Errors);
        List<(string Module, string Parameter, TensorRef Mask)> found = [];
        foreach ((object module, object? parameters) in modules.Items)
            found.AddRange(Parameters(document, names, module, parameters));
        return [.. found.Select(item => new MaskEntry(item.Module, item.Parameter, document.Tensor(item.Mask)))];
    }

    private static IEnumerable<(string Module, string Parameter, TensorRef Mask)> Parameters(
        PthDocument document,
        TensorNames names,
        object module,
        object? parameters
    )
    {
        if (module is not string path)
            throw NotMasks(document, $"it has the key {module}, which is no module path");
        if (parameters is TensorRef)
            throw NotMasks(document, $"under '{Quoted.Text(path)}' it holds a tensor, so it looks like a state dict");
        if (parameters is not PickleDict dict)
            throw NotMasks(document, $"under '{Quoted.Text(path)}' it holds {PthStateDict.Word(parameters)}, not a dict");
        if ((path.Length == 0 ? path : names.Find(path)) is not { } found)
            yield break;
        dict.CheckKeys(document.Budget, document.Errors);
        foreach ((object name, object? mask) in dict.Items)
        {
            if (name is not string { Length: > 0 } parameter || mask is not (null or TensorRef))
                throw NotMasks(
                    document,
                    $"under '{Quoted.Text(path)}', '{Quoted.Text($"{name}")}' it holds {PthStateDict.Word(mask)}, not a tensor or None"
                );
            if (mask is not TensorRef tensor)
                continue;
            document.Budget.Charge(2 * (LoadBudget.Hashed + path.Length + parameter.Length)); // both are hashed again for each mask
            yield return (found, parameter, tensor);
        }
    }

    private static PersistenceException NotMasks(PthDocument document, string found) =>
        document.Errors.Create(
            FileCodes.NotMasks,
            $"{found}. A masks file holds {{module path: {{'weight': 0/1 tensor, 'bias': 0/1 tensor or None}}}}, as an NNI pruner saves it."
        );
}
