using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>Creates a model of the user's from an assembly: by a constructor, or by a static method that returns one.</summary>
internal static class UserModelLoader
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Loads the assembly and creates the model; it belongs to the caller.</summary>
    /// <exception cref="InvalidOperationException">The assembly, the class or its constructors do not serve.</exception>
    public static nn.Module Load(string assemblyPath, string typeName, CallArguments arguments)
    {
        Assembly assembly = LoadAssembly(assemblyPath);
        Type type =
            assembly.GetType(typeName)
            ?? throw new InvalidOperationException($"'{assemblyPath}' has no class '{typeName}'. {Candidates(assembly)}");
        if (!type.IsAssignableTo(typeof(nn.Module)))
            throw new InvalidOperationException($"'{typeName}' is not a TorchSharp module. {Candidates(assembly)}");
        if (type.IsAbstract)
            throw new InvalidOperationException($"'{typeName}' is abstract. {Candidates(assembly)}");
        return Call(type.GetConstructors(), typeName, arguments, (constructor, values) => ((ConstructorInfo)constructor).Invoke(values));
    }

    /// <summary>Loads the assembly and calls a static method, <c>Namespace.Class.Method</c>, for the model; it belongs to the caller.</summary>
    /// <exception cref="InvalidOperationException">The assembly, the class or its method does not serve.</exception>
    public static nn.Module LoadByFactory(string assemblyPath, string methodName, CallArguments arguments)
    {
        int dot = methodName.LastIndexOf('.');
        Type? type = dot < 0 ? null : LoadAssembly(assemblyPath).GetType(methodName[..dot]);
        MethodInfo[] methods =
        [
            .. (type?.GetMethods(Static) ?? []).Where(method =>
                method.Name == methodName[(dot + 1)..] && method.ReturnType.IsAssignableTo(typeof(nn.Module)) && !method.IsGenericMethod
            ),
        ];
        if (methods.Length == 0)
            throw new InvalidOperationException($"'{assemblyPath}' has no static method '{methodName}' that returns a TorchSharp module.");
        return Call(methods, methodName, arguments, (method, values) => method.Invoke(null, values));
    }

    private static nn.Module Call(MethodBase[] candidates, string name, CallArguments arguments, Func<MethodBase, object?[], object?> call)
    {
        foreach (MethodBase candidate in candidates.OrderBy(candidate => candidate.GetParameters().Length))
        {
            if (arguments.TryFit(candidate.GetParameters()) is not { } values)
                continue;
            try
            {
                return (nn.Module?)call(candidate, values) ?? throw new InvalidOperationException($"'{name}' has returned null.");
            }
            catch (TargetInvocationException exception)
            {
                throw new InvalidOperationException($"'{name}' failed.", exception.InnerException);
            }
        }
        string known = string.Join(
            "; ",
            candidates.Select(candidate => $"({string.Join(", ", candidate.GetParameters().Select(parameter => $"{parameter}"))})")
        );
        throw new InvalidOperationException(
            $"'{name}' does not take these --args; it takes {(known.Length == 0 ? "nothing public" : known)}."
        );
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
                .Where(type => type.IsAssignableTo(typeof(nn.Module)) && !type.IsAbstract && type.GetConstructors().Length > 0)
                .Select(type => type.FullName!),
        ];
        return names.Length == 0 ? "It has no module with a public constructor." : $"It has: {string.Join(", ", names)}.";
    }
}
