using System.Reflection;

namespace Speedup.Cli.UserModels;

/// <summary>An assembly of the user's, loaded once: its model and its methods know the same classes.</summary>
internal sealed class UserAssembly
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Loads it.</summary>
    /// <exception cref="InvalidOperationException">The file is no assembly.</exception>
    public UserAssembly(string path)
    {
        Path = path;
        try
        {
            Assembly = new ModelLoadContext(path).LoadFromAssemblyPath(path);
        }
        catch (BadImageFormatException exception)
        {
            throw new InvalidOperationException($"'{path}' is not a .NET assembly.", exception);
        }
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>The assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>Static methods of a name, <c>Namespace.Class.Method</c>.</summary>
    public IEnumerable<MethodInfo> MethodsNamed(string name)
    {
        int dot = name.LastIndexOf('.');
        Type? type = dot < 0 ? null : Assembly.GetType(name[..dot]);
        return (type?.GetMethods(Static) ?? []).Where(method => method.Name == name[(dot + 1)..]);
    }

    /// <summary>A static method as a delegate.</summary>
    /// <param name="name">Its name, <c>Namespace.Class.Method</c>.</param>
    /// <exception cref="InvalidOperationException">There is none of that name, or it takes or returns something else.</exception>
    public TDelegate FindMethod<TDelegate>(string name)
        where TDelegate : Delegate
    {
        MethodInfo wanted = typeof(TDelegate).GetMethod("Invoke")!;
        string parameters = string.Join(", ", wanted.GetParameters().Select(parameter => parameter.ParameterType.Name));
        foreach (MethodInfo method in MethodsNamed(name).Where(method => !method.IsGenericMethod))
        {
            if (Delegate.CreateDelegate(typeof(TDelegate), method, throwOnBindFailure: false) is TDelegate found)
                return found;
        }
        throw new InvalidOperationException(
            $"'{Path}' has no static method '{name}' that takes ({parameters}) and returns {wanted.ReturnType.Name}. "
                + "Name it as Namespace.Class.Method, and build the assembly against this version of Speedup.Pruning."
        );
    }
}
