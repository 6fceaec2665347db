using static TorchSharp.torch;

namespace Speedup.Persistence.Masks;

/// <summary>
/// Finds the owner of a parameter by its full name. Modules that TorchSharp keeps in native memory show parameters of their parts as
/// their own: the <c>weight</c> of <c>attention.out_proj</c> is the <c>out_proj.weight</c> of <c>attention</c>.
/// </summary>
internal static class MaskAddress
{
    /// <summary>More parts than the path of a part within a native module has.</summary>
    private const int MostParts = 16;

    /// <summary>The same masks, each by the module that has the parameter; those of unknown modules as they are.</summary>
    public static MaskSet Resolve(nn.Module model, MaskSet masks)
    {
        Dictionary<string, nn.Module> modules = ModulesOf(model);
        return new MaskSet(masks.Entries.Select(entry => Resolve(modules, entry)));
    }

    /// <summary>All modules of a model by path.</summary>
    public static Dictionary<string, nn.Module> ModulesOf(nn.Module model)
    {
        var modules = new Dictionary<string, nn.Module>(StringComparer.Ordinal) { [""] = model };
        foreach ((string path, nn.Module module) in model.named_modules())
            modules.TryAdd(path, module);
        return modules;
    }

    /// <summary>A parameter or buffer of a module's own: a weight that is not trained may be either. Null where it has none of the name.</summary>
    public static Tensor? FindTensor(nn.Module module, string name) =>
        module.named_parameters(recurse: false).FirstOrDefault(item => item.name == name).parameter
        ?? module.named_buffers(recurse: false).FirstOrDefault(item => item.name == name && !item.buffer.IsInvalid).buffer;

    /// <summary>A mask by the module that has its parameter.</summary>
    public static MaskEntry Resolve(IReadOnlyDictionary<string, nn.Module> modules, MaskEntry entry)
    {
        if (modules.ContainsKey(entry.ModulePath))
            return entry;
        int dot = entry.ModulePath.LastIndexOf('.');
        for (int parts = 0; parts < MostParts; parts++)
        {
            string path = dot < 0 ? "" : entry.ModulePath[..dot];
            if (modules.TryGetValue(path, out nn.Module? owner))
            {
                string parameter = $"{entry.ModulePath[(dot + 1)..]}.{entry.Parameter}";
                bool isOwner = FindTensor(owner, parameter) is not null;
                return isOwner ? entry with { ModulePath = path, Parameter = parameter } : entry;
            }
            if (dot <= 0)
                break;
            dot = entry.ModulePath.LastIndexOf('.', dot - 1);
        }
        return entry;
    }
}
