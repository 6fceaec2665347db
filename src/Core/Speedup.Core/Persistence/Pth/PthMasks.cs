using Speedup.Core.Masks;
using Speedup.Core.Persistence.Pickling;
using static TorchSharp.torch;

namespace Speedup.Core.Persistence.Pth;

/// <summary>Reads a .pth file of masks as NNI writes it: <c>{module path: {parameter: tensor or None}}</c>.</summary>
internal static class PthMasks
{
    /// <summary>Reads the masks; null where the file holds tensors by name instead.</summary>
    public static List<MaskEntry>? Read(string path, TensorFileOptions options)
    {
        using PthDocument document = PthDocument.Open(path);
        if (document.Root is not PickleDict)
            throw NotMasks(document, $"it holds {PthStateDict.Word(document.Root)}, not a dict");
        PickleDict modules = PthStateDict.FindPart(document, options.Key);
        if (modules.Items.Any(entry => entry is { Key: string name, Value: TensorRef } && name.EndsWith("_orig", StringComparison.Ordinal)))
            return null;
        var names = new TensorNames(options, document.Budget, document.Errors);
        List<(string Module, string Parameter, TensorRef Mask)> found = [];
        foreach ((object module, object? parameters) in modules.Items)
            found.AddRange(Parameters(document, names, module, parameters));
        using var scope = NewDisposeScope();
        List<MaskEntry> entries = [.. found.Select(item => new MaskEntry(item.Module, item.Parameter, document.Tensor(item.Mask)))];
        scope.Detach(entries.Select(entry => entry.Mask));
        return entries;
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
