using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>Masks by one name each, <c>module.path.weight</c>: the last dot divides path and parameter.</summary>
internal static class FlatNames
{
    /// <summary>The name of a mask.</summary>
    public static string Of(MaskEntry entry) => entry.ModulePath.Length == 0 ? entry.Parameter : $"{entry.ModulePath}.{entry.Parameter}";

    /// <summary>The mask of that name, which owns its tensor.</summary>
    public static MaskEntry Entry(string name, Tensor mask)
    {
        int dot = name.LastIndexOf('.');
        return new MaskEntry(dot < 0 ? "" : name[..dot], name[(dot + 1)..], mask);
    }
}
