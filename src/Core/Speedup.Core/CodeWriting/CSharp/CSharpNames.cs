namespace Speedup.Core.CodeWriting.CSharp;

/// <summary>Names of parameters in C#.</summary>
internal static class CSharpNames
{
    private static readonly HashSet<string> Keywords =
    [
        "in",
        "out",
        "ref",
        "params",
        "base",
        "default",
        "lock",
        "object",
        "string",
        "checked",
        "fixed",
        "is",
        "as",
    ];

    /// <summary>A name as code writes it.</summary>
    public static string Escape(string name) => Keywords.Contains(name) ? $"@{name}" : name;
}
