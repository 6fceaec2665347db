using System.Text;

namespace Speedup.Core.Persistence;

/// <summary>Text from a file, made fit for an error message: short and printable.</summary>
internal static class Quoted
{
    private const int Longest = 120;

    public static string Text(string text)
    {
        var safe = new StringBuilder();
        foreach (char letter in text.AsSpan(0, Math.Min(text.Length, Longest)))
            safe.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter);
        return text.Length > Longest ? safe.Append("...").ToString() : safe.ToString();
    }
}
