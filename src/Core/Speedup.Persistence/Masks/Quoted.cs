using System.Globalization;
using System.Text;

namespace Speedup.Persistence.Masks;

/// <summary>
/// Text from a file, made fit for messages, logs and consoles: short, on one line, and without characters that steer a terminal or change
/// how the rest of the line is shown.
/// </summary>
internal static class Quoted
{
    private const int Longest = 120;

    /// <summary>A name: what cannot be shown as its code point, and no more than its beginning.</summary>
    public static string Text(string text)
    {
        var safe = new StringBuilder();
        int taken = Append(safe, text, Longest, keepLines: false);
        return taken < text.Length
            ? safe.Append(CultureInfo.InvariantCulture, $"... ({text.Length} characters)").ToString()
            : safe.ToString();
    }

    /// <summary>A whole message: its lines stay, and its length.</summary>
    public static string Message(string text)
    {
        var safe = new StringBuilder(text.Length);
        Append(safe, text, int.MaxValue, keepLines: true);
        return safe.ToString();
    }

    private static int Append(StringBuilder safe, string text, int most, bool keepLines)
    {
        int at = 0;
        while (at < text.Length && safe.Length < most)
        {
            bool whole = Rune.TryGetRuneAt(text, at, out Rune rune); // false for half of a surrogate pair
            if (whole && (IsShown(rune) || (keepLines && rune.Value == '\n')))
                safe.Append(text, at, rune.Utf16SequenceLength);
            else
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(whole ? rune.Value : text[at]):x4}");
            at += whole ? rune.Utf16SequenceLength : 1;
        }
        return at;
    }

    private static bool IsShown(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format // marks of direction, zero-width characters
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
            );
}
