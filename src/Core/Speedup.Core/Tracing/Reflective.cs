using System.Reflection;

namespace Speedup.Core.Tracing;

/// <summary>Calls by reflection that let exceptions through as they are.</summary>
internal static class Reflective
{
    public static object? Invoke(MethodInfo method, object? target, object?[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
