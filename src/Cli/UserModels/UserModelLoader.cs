using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>Creates a model of the user's from an assembly.</summary>
internal static class UserModelLoader
{
    /// <summary>Loads the assembly and creates the model; it belongs to the caller.</summary>
    /// <exception cref="InvalidOperationException">The assembly, the class or its constructor does not serve.</exception>
    public static nn.Module Load(string assemblyPath, string typeName)
    {
        Assembly assembly = LoadAssembly(assemblyPath);
        Type type =
            assembly.GetType(typeName)
            ?? throw new InvalidOperationException($"'{assemblyPath}' has no class '{typeName}'. {Candidates(assembly)}");
        if (!type.IsAssignableTo(typeof(nn.Module)))
            throw new InvalidOperationException($"'{typeName}' is not a TorchSharp module. {Candidates(assembly)}");
        if (type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null)
            throw new InvalidOperationException($"'{typeName}' has no public parameterless constructor; derive a class that has one.");
        try
        {
            return (nn.Module)Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException exception)
        {
            throw new InvalidOperationException($"The constructor of '{typeName}' failed.", exception.InnerException);
        }
    }

    private static Assembly LoadAssembly(string path)
    {
        try
        {
            return new ModelLoadContext(path).LoadFromAssemblyPath(path);
        }
        catch (BadImageFormatException exception)
        {
            throw new InvalidOperationException($"'{path}' is not a .NET assembly.", exception);
        }
    }

    private static string Candidates(Assembly assembly)
    {
        Type[] types;
        try
        {
            types = assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            types = [.. exception.Types.OfType<Type>()];
        }
        string[] names =
        [
            .. types
                .Where(type =>
                    type.IsAssignableTo(typeof(nn.Module)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null
                )
                .Select(type => type.FullName!),
        ];
        return names.Length == 0 ? "It has no module with a parameterless constructor." : $"It has: {string.Join(", ", names)}.";
    }
}
