using System.Reflection;
using TorchSharp;

namespace Speedup.Core.Models;

/// <summary>Tells user code from that of the platform and of TorchSharp.</summary>
internal static class CodeOrigin
{
    private static readonly Assembly TorchAssembly = typeof(torch).Assembly;

    /// <summary>Whether an assembly belongs to the platform, or is the engine, so that its methods and objects are left alone.</summary>
    public static bool IsPlatform(Assembly assembly)
    {
        ReadOnlySpan<char> name = NameOf(assembly);
        return assembly == typeof(object).Assembly
            || assembly == typeof(CodeOrigin).Assembly
            || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            || name is "System" or "mscorlib" or "netstandard" or "Microsoft.CSharp";
    }

    /// <summary>Whether an assembly is F#'s own library: its objects are user data, and its functions call the functions that they are given.</summary>
    public static bool IsFSharpLibrary(Assembly assembly) => NameOf(assembly) is "FSharp.Core";

    /// <summary>Whether a type is one of user code, whose objects may hold anything.</summary>
    public static bool IsUserType(Type type) => !type.IsEnum && !IsPlatform(type.Assembly) && !IsTorch(type);

    /// <summary>Whether the code of an assembly can name a tensor at all.</summary>
    public static bool UsesTorch(Assembly assembly) =>
        Array.Exists(assembly.GetReferencedAssemblies(), name => name.Name == TorchAssembly.GetName().Name);

    /// <summary>Whether a type or method comes from TorchSharp itself.</summary>
    public static bool IsTorch(MemberInfo member) => member.Module.Assembly == TorchAssembly;

    /// <summary>The simple name of an assembly: of its full name, which the platform keeps, while it makes a new <see cref="AssemblyName"/> each time.</summary>
    private static ReadOnlySpan<char> NameOf(Assembly assembly)
    {
        ReadOnlySpan<char> full = assembly.FullName;
        int end = full.IndexOf(',');
        return end < 0 ? full : full[..end];
    }
}
