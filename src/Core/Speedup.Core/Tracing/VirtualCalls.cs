using System.Reflection;

namespace Speedup.Core.Tracing;

/// <summary>Finds the method that a virtual call runs.</summary>
internal static class VirtualCalls
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The most derived <c>forward</c> of a module type that takes these arguments; null where it is abstract or missing.</summary>
    public static MethodInfo? FindForward(Type type, object?[] arguments)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            MethodInfo? found = at.GetMethods(Declared)
                .FirstOrDefault(method =>
                    method is { Name: "forward", IsAbstract: false, IsGenericMethod: false } && Takes(method, arguments)
                );
            if (found is not null)
                return found;
        }
        return null;
    }

    /// <summary>The same where the parameters behind the given arguments have default values, and all arguments.</summary>
    public static (MethodInfo Forward, object?[] Arguments)? FindForwardWithDefaults(Type type, object?[] arguments)
    {
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            foreach (MethodInfo method in at.GetMethods(Declared).Where(method => method.Name == "forward"))
            {
                ParameterInfo[] parameters = method.GetParameters();
                if (parameters.Length <= arguments.Length || !parameters[arguments.Length..].All(parameter => parameter.HasDefaultValue))
                    continue;
                object?[] all = [.. arguments, .. parameters[arguments.Length..].Select(parameter => parameter.DefaultValue)];
                if (FindForward(type, all) is { } forward)
                    return (forward, all);
            }
        }
        return null;
    }

    /// <summary>The method that a virtual or interface method resolves to on a type; null where that is unclear.</summary>
    public static MethodInfo? Resolve(MethodInfo method, Type type)
    {
        if (!method.IsVirtual)
            return method;
        MethodInfo definition = method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;
        MethodInfo? found = definition.DeclaringType!.IsInterface ? ResolveInterface(definition, type) : ResolveClass(definition, type);
        return found is { IsGenericMethodDefinition: true } ? found.MakeGenericMethod(method.GetGenericArguments()) : found;
    }

    private static MethodInfo? ResolveInterface(MethodInfo method, Type type)
    {
        if (!method.DeclaringType!.IsAssignableFrom(type) || type.IsArray)
            return null;
        InterfaceMapping map = type.GetInterfaceMap(method.DeclaringType);
        int at = Array.IndexOf(map.InterfaceMethods, method);
        return at < 0 ? null : map.TargetMethods[at];
    }

    private static MethodInfo? ResolveClass(MethodInfo method, Type type)
    {
        MethodInfo root = method.GetBaseDefinition();
        for (Type? at = type; at is not null; at = at.BaseType)
        {
            MethodInfo? found = at.GetMethods(Declared).FirstOrDefault(candidate => candidate.IsVirtual && SameSlot(candidate, root));
            if (found is not null)
                return found.IsAbstract ? null : found;
        }
        return null;
    }

    private static bool SameSlot(MethodInfo candidate, MethodInfo root)
    {
        MethodInfo definition = candidate.GetBaseDefinition();
        return definition.MetadataToken == root.MetadataToken
            && definition.Module == root.Module
            && definition.DeclaringType == root.DeclaringType;
    }

    private static bool Takes(MethodInfo method, object?[] arguments)
    {
        ParameterInfo[] parameters = method.GetParameters();
        return parameters.Length == arguments.Length
            && parameters.All(p =>
                arguments[p.Position] is { } argument
                    ? p.ParameterType.IsInstanceOfType(argument)
                    : !p.ParameterType.IsValueType || Nullable.GetUnderlyingType(p.ParameterType) is not null
            );
    }
}
