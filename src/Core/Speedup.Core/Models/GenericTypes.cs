namespace Speedup.Core.Models;

/// <summary>Looks for what generic types are made for.</summary>
internal static class GenericTypes
{
    /// <summary>
    /// The last argument of a generic type that a type is, or of a generic interface that it implements, as the values of a dictionary; null where
    /// it is none.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="definition">The generic type or interface, open.</param>
    public static Type? FindArgument(Type type, Type definition)
    {
        Type[] candidates = definition.IsInterface ? type.GetInterfaces() : [type];
        return Array
            .Find(candidates, candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == definition)
            ?.GetGenericArguments()[^1];
    }
}
