using System.Reflection;
using TorchSharp;

namespace Speedup.Core.Models;

/// <summary>Tells user code from that of the platform and of TorchSharp.</summary>
internal static class CodeOrigin
{
    private static readonly Assembly TorchAssembly = typeof(torch).Assembly;

    /// <summary>Whether an assembly belongs to the platform, so that its methods and objects are left alone.</summary>
    public static bool IsPlatform(Assembly assembly)
    {
        string name = assembly.GetName().Name ?? "";
        return assembly == typeof(object).Assembly
            || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            || name is "System" or "mscorlib" or "netstandard" or "Microsoft.CSharp" or "FSharp.Core";
    }

    /// <summary>Whether a type or method comes from TorchSharp itself.</summary>
    public static bool IsTorch(MemberInfo member) => member.Module.Assembly == TorchAssembly;
}
