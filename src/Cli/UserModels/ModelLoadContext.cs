using System.Reflection;
using System.Runtime.Loader;

namespace Speedup.Cli.UserModels;

/// <summary>
/// Where a user's assembly lives: what the tool itself has, above all TorchSharp, comes from the tool, whatever its version, so
/// that the model's tensors are the engine's; everything else comes from the folder of the assembly.
/// </summary>
internal sealed class ModelLoadContext(string assemblyPath) : AssemblyLoadContext($"model {Path.GetFileName(assemblyPath)}")
{
    private readonly AssemblyDependencyResolver _resolver = new(assemblyPath);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Default.LoadFromAssemblyName(new AssemblyName(assemblyName.Name!));
        }
        catch (FileNotFoundException) // not the tool's
        {
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
