using System.Reflection;
using System.Text.RegularExpressions;

namespace Speedup.Core.Tracing;

/// <summary>Names methods as their authors know them, also those that a compiler has taken out of others.</summary>
internal static partial class MethodNames
{
    /// <summary>Class and method; for a lambda, a local function or an iterator those that it is written in.</summary>
    public static string Of(MethodBase method)
    {
        string name = method.Name;
        Type? type = method.DeclaringType;
        for (; type is { DeclaringType: not null } && type.Name.StartsWith('<'); type = type.DeclaringType)
        {
            if (Written().Match(name) is not { Success: true })
                name = type.Name; // <Steps>d__3.MoveNext
        }
        if (Written().Match(name) is { Success: true } match)
            name = match.Groups["local"] is { Success: true, Value: var local }
                ? $"{match.Groups["name"]}.{local}"
                : $"{match.Groups["name"]}";
        return type is null ? name : $"{type.Name.Split('`')[0]}.{name.Split('@')[0]}";
    }

    [GeneratedRegex("^<(?<name>[^>]+)>(g__(?<local>[^|]+)|)")]
    private static partial Regex Written();
}
