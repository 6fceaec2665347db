using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>Copies a state dict into a module: checks all, converts all, then copies, and takes the copies back if one fails.</summary>
internal static class StateDictLoader
{
    private const string Optional = "num_batches_tracked";
    private const string WrapperPrefix = "module.";

    public static void Load(nn.Module module, StateDict source, string path)
    {
        Dictionary<string, Tensor> targets = module.state_dict();
        List<StateDictFault> faults = [.. NameFaults(targets, source), .. TensorFaults(targets, source)];
        if (faults.Count > 0)
            throw new StateDictException(path, faults, Hint(targets, source));
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        List<(Tensor Target, Tensor Value)> staged = [];
        foreach ((string name, Tensor value) in source)
            staged.Add((targets[name], Convert(name, value, targets[name], faults)));
        if (faults.Count > 0)
            throw new StateDictException(path, faults, "Use a module of the file's type, or values that fit.");
        Copy(staged, path);
    }

    private static IEnumerable<StateDictFault> NameFaults(Dictionary<string, Tensor> targets, StateDict source)
    {
        string[] missing = [.. targets.Keys.Where(name => !source.TryGetValue(name, out _) && !IsOptional(name))];
        string[] unexpected = [.. source.Names.Where(name => !targets.ContainsKey(name))];
        var inFile = new NearestName(unexpected);
        var inModule = new NearestName(missing);
        foreach (string name in missing)
            yield return new StateDictFault(
                StateDictFaultKind.Missing,
                name,
                $"missing in the file: '{Quoted.Text(name)}' {Shape(targets[name])}{inFile.Suggest(name, "the file has")}"
            );
        foreach (string name in unexpected)
            yield return new StateDictFault(
                StateDictFaultKind.Unexpected,
                name,
                $"not in the module: '{Quoted.Text(name)}' {Shape(source[name])}{inModule.Suggest(name, "the module has")}"
            );
    }

    private static IEnumerable<StateDictFault> TensorFaults(Dictionary<string, Tensor> targets, StateDict source)
    {
        foreach ((string name, Tensor value) in source)
        {
            if (!targets.TryGetValue(name, out Tensor? target))
                continue;
            if (!target.shape.SequenceEqual(value.shape))
                yield return new StateDictFault(
                    StateDictFaultKind.Shape,
                    name,
                    $"shape of '{Quoted.Text(name)}': {Shape(value)} in the file, {Shape(target)} in the module"
                );
            else if (!StateDictTypes.CanConvert(value.dtype, target.dtype))
                yield return new StateDictFault(
                    StateDictFaultKind.Type,
                    name,
                    $"type of '{Quoted.Text(name)}': {value.dtype} in the file, which cannot become {target.dtype} as in the module"
                );
        }
    }

    private static string Hint(Dictionary<string, Tensor> targets, StateDict source) =>
        source.Names.Any(name =>
            name.StartsWith(WrapperPrefix, StringComparison.Ordinal) && targets.ContainsKey(name[WrapperPrefix.Length..])
        )
            ? "The names in the file begin with 'module.', as DataParallel makes them: read it with TensorFileOptions.StripPrefixes = [\"module.\"]."
            : "Build the module as it was when the file was saved, or use the file of this module.";

    private static Tensor Convert(string name, Tensor value, Tensor target, List<StateDictFault> faults)
    {
        if (value.dtype == target.dtype)
            return value;
        Tensor converted = value.to(target.dtype);
        if (!StateDictTypes.Survives(value, converted))
            faults.Add(
                new StateDictFault(
                    StateDictFaultKind.Value,
                    name,
                    $"values of '{Quoted.Text(name)}': some of {value.dtype} in the file do not fit {target.dtype} in the module"
                )
            );
        return converted;
    }

    private static void Copy(List<(Tensor Target, Tensor Value)> staged, string path)
    {
        List<(Tensor Target, Tensor Value)> previous = [];
        try
        {
            foreach ((Tensor target, Tensor value) in staged)
            {
                previous.Add((target, target.detach().clone()));
                target.copy_(value);
            }
        }
        catch (Exception fault)
        {
            // The last one is where the fault was, so it was not written.
            foreach ((Tensor target, Tensor value) in previous.SkipLast(1))
                target.copy_(value);
            throw new PersistenceException(
                FileCodes.CopyFailed,
                path,
                $"copying into the module failed ({fault.Message}); the module was not changed. Check the tensor of that shape in the module.",
                fault
            );
        }
    }

    private static bool IsOptional(string name) => name == Optional || name.EndsWith("." + Optional, StringComparison.Ordinal);

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
