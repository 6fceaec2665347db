using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>Creates a model of the user's from an assembly: by a constructor, or by a static method that returns one.</summary>
internal static class UserModelLoader
{
    /// <summary>Creates the model; it belongs to the caller.</summary>
    /// <exception cref="InvalidOperationException">The class or its constructors do not serve.</exception>
    public static nn.Module Load(UserAssembly user, string typeName, CallArguments arguments)
    {
        Assembly assembly = user.Assembly;
        Type type =
            assembly.GetType(typeName)
            ?? throw new InvalidOperationException($"'{user.Path}' has no class '{typeName}'. {Candidates(assembly)}");
        if (!type.IsAssignableTo(typeof(nn.Module)))
            throw new InvalidOperationException($"'{typeName}' is not a TorchSharp module. {Candidates(assembly)}");
        if (type.IsAbstract)
            throw new InvalidOperationException($"'{typeName}' is abstract. {Candidates(assembly)}");
        return Call(type.GetConstructors(), typeName, arguments, (constructor, values) => ((ConstructorInfo)constructor).Invoke(values));
    }

    /// <summary>Calls a static method, <c>Namespace.Class.Method</c>, for the model; it belongs to the caller.</summary>
    /// <exception cref="InvalidOperationException">The class or its method does not serve.</exception>
    public static nn.Module LoadByFactory(UserAssembly user, string methodName, CallArguments arguments)
    {
        MethodInfo[] methods =
        [
            .. user.MethodsNamed(methodName)
                .Where(method => method.ReturnType.IsAssignableTo(typeof(nn.Module)) && !method.IsGenericMethod),
        ];
        if (methods.Length == 0)
            throw new InvalidOperationException($"'{user.Path}' has no static method '{methodName}' that returns a TorchSharp module.");
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
