using static TorchSharp.torch;

namespace Speedup.Persistence.Masks;

/// <summary>Checks that masks fit a model: paths, parameters (or buffers), shapes and values. A mask may prune a whole layer.</summary>
public static class MaskValidator
{
    /// <summary>Checks all masks against a model.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="masks">The masks, of float, whole-number or bool type, on any device; not changed.</param>
    /// <exception cref="MaskException">At least one mask does not fit; the exception lists all faults.</exception>
    public static void Validate(nn.Module model, MaskSet masks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(masks);
        var check = new Check(model);
        MaskFault[] faults = [.. masks.Entries.SelectMany(check.FaultsOf)];
        if (faults.Length > 0)
            throw new MaskException(faults);
    }

    private sealed class Check
    {
        private const string WrapperPrefix = "module.";
        private readonly Dictionary<string, nn.Module> _modules;
        private readonly HashSet<(string, string)> _seen = [];
        private readonly NearestName _nearest;

        public Check(nn.Module model)
        {
            _modules = MaskAddress.ModulesOf(model);
            _nearest = new NearestName(_modules.Keys);
        }

        public IEnumerable<MaskFault> FaultsOf(MaskEntry given)
        {
            MaskEntry entry = MaskAddress.Resolve(_modules, given);
            string path = Quoted.Text(entry.ModulePath);
            string name = Quoted.Text(entry.Parameter);
            if (!_seen.Add((entry.ModulePath, entry.Parameter)))
                yield return Fault(entry, MaskCodes.Duplicate, $"'{path}' has two masks of '{name}'; keep one");
            if (!_modules.TryGetValue(entry.ModulePath, out nn.Module? module))
                yield return Fault(entry, MaskCodes.UnknownModule, $"the model has no module '{path}'{Hint(entry.ModulePath)}");
            else if (MaskAddress.FindTensor(module, entry.Parameter) is not { } parameter)
                yield return Fault(
                    entry,
                    MaskCodes.UnknownParameter,
                    $"'{path}' ({module.GetType().Name}) has no parameter '{name}'; it has {Names(module)}"
                );
            else if (!parameter.shape.SequenceEqual(entry.Mask.shape))
                yield return Fault(
                    entry,
                    MaskCodes.WrongShape,
                    $"mask of '{path}' ({module.GetType().Name}, {name}) has shape {Shape(entry.Mask)}, "
                        + $"the parameter has {Shape(parameter)}"
                );
            else if (MaskValues.FaultOf(entry) is { } fault)
                yield return fault;
        }

        private string Hint(string path)
        {
            if (path.StartsWith(WrapperPrefix, StringComparison.Ordinal) && _modules.ContainsKey(path[WrapperPrefix.Length..]))
                return $"; it has '{path[WrapperPrefix.Length..]}': the prefix 'module.' was left by DataParallel, remove it";
            if (_modules.ContainsKey(WrapperPrefix + path))
                return $"; it has '{WrapperPrefix}{path}': the model is wrapped, pass its inner module";
            return _nearest.Suggest(path, "the nearest is");
        }

        private static string Names(nn.Module module)
        {
            IEnumerable<string> own = module.named_parameters(recurse: false).Select(item => item.name);
            string names = string.Join(
                ", ",
                own.Concat(module.named_buffers(recurse: false).Select(item => item.name)).Select(name => $"'{name}'")
            );
            return names.Length == 0 ? "none" : names;
        }
    }

    private static MaskFault Fault(MaskEntry entry, string code, string message) => new(code, entry.ModulePath, entry.Parameter, message);

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
