using System.Globalization;

namespace TestSupport;

/// <summary>
/// How much of what is drawn at random the tests try. Everyday runs try less of it, never fewer kinds; <c>SPEEDUP_VOLUME=full</c> asks for all, and a
/// variable of its own sets one number.
/// </summary>
public static class Volume
{
    private const string Variable = "SPEEDUP_VOLUME";

    /// <summary>Whether all is to be tried.</summary>
    public static bool IsFull { get; } =
        Environment.GetEnvironmentVariable(Variable) switch
        {
            null or "" or "everyday" => false,
            "full" => true,
            string other => throw new InvalidOperationException($"{Variable} is '{other}'; it can be 'everyday' or 'full'."),
        };

    /// <summary>How many.</summary>
    /// <param name="variable">Name of the environment variable that sets this number alone.</param>
    /// <param name="everyday">The number without any variable.</param>
    /// <param name="full">The number with <c>SPEEDUP_VOLUME=full</c>.</param>
    public static int Of(string variable, int everyday, int full) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } asked ? int.Parse(asked, CultureInfo.InvariantCulture)
        : IsFull ? full
        : everyday;
}
