using System.Reflection;
using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>Names of parameters of the functions that a handler is for.</summary>
internal static class ArgumentNames
{
    private const string Instance = "this";

    /// <summary>Throws where no function of a handler has a parameter of a name.</summary>
    /// <exception cref="ArgumentException">None has.</exception>
    public static void Check(IFunctionHandler handler, string name)
    {
        HashSet<string> known = [.. handler.Functions.SelectMany(key => key.FindMethods()).SelectMany(NamesOf)];
        if (!known.Contains(name))
            throw new ArgumentException(
                $"No function that it handles has a parameter '{name}'. There are: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
            );
    }

    private static IEnumerable<string> NamesOf(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.Name!).Concat(method.IsStatic ? [] : [Instance]);
}
