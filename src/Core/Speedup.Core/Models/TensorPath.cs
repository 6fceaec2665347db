namespace Speedup.Core.Models;

/// <summary>State-dict names.</summary>
internal static class TensorPath
{
    /// <summary>The name of a tensor or module within a module, from the root.</summary>
    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
