using System.Collections;
using System.Reflection;
using Speedup.Core.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Looks at what a TorchSharp module does around its own forward.</summary>
internal static class ModuleHooks
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Whether the call of a method of a module runs forward hooks: TorchSharp's <c>call</c> does.</summary>
    public static bool AreRun(nn.Module module, MethodInfo method) => method.Name == "call" && !ModuleMethods.IsOwn(method) && Any(module);

    private static bool Any(nn.Module module)
    {
        for (Type? type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(nn.HookableModule<,>))
                continue;
            return type.GetFields(Fields)
                .Where(field => field.Name.EndsWith("hooks", StringComparison.Ordinal))
                .Any(field => field.GetValue(module) is ICollection { Count: > 0 });
        }
        return false;
    }

    /// <summary>Whether a module writes its result over its input.</summary>
    public static bool IsInPlace(nn.Module module) => module.GetType().GetProperty("inplace")?.GetValue(module) is true;

    /// <summary>Whether a type is TorchSharp's <c>Sequential</c> in any of its forms, whose children are traced.</summary>
    public static bool IsSequential(Type type)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            if (at == typeof(Sequential))
                return true;
            if (at.IsGenericType && at.Name.StartsWith("Sequential`", StringComparison.Ordinal) && CodeOrigin.IsTorch(at))
                return true;
        }
        return false;
    }
}
