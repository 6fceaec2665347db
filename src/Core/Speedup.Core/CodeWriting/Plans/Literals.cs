using System.Globalization;
using System.Text;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>What C# and Python write alike.</summary>
internal static class Literals
{
    /// <summary>A text in quotes; what is not plain ASCII is escaped.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in text)
            quoted.Append(letter is >= ' ' and <= '~' and not ('"' or '\\') ? letter.ToString() : $"\\u{(int)letter:x4}");
        return quoted.Append('"').ToString();
    }

    /// <summary>The digits of a finite number that is no whole one, from which the same number is read again.</summary>
    public static string Digits(double value)
    {
        string digits = value.ToString("R", CultureInfo.InvariantCulture);
        return digits.AsSpan().IndexOfAny('.', 'E') < 0 ? digits + ".0" : digits;
    }
}
