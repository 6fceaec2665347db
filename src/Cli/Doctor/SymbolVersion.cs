using System.Globalization;

namespace Speedup.Cli.Doctor;

/// <summary>A symbol version such as <c>GLIBCXX_3.4.32</c>, ordered by its numbers.</summary>
/// <param name="Family">The part before the numbers.</param>
/// <param name="Numbers">The numbers; 0.0 where there are none.</param>
internal sealed record SymbolVersion(string Family, Version Numbers) : IComparable<SymbolVersion>
{
    private static readonly Version None = new(0, 0);

    /// <summary>Splits a version; text without numbers is all family.</summary>
    public static SymbolVersion Parse(string text)
    {
        int split = text.LastIndexOf('_');
        string numbers = text[(split + 1)..];
        if (split < 0)
            return new SymbolVersion(text, None);
        if (Version.TryParse(numbers, out Version? version))
            return new SymbolVersion(text[..split], version);
        return int.TryParse(numbers, NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            ? new SymbolVersion(text[..split], new Version(major, 0))
            : new SymbolVersion(text, None);
    }

    public int CompareTo(SymbolVersion? other)
    {
        if (other is null)
            return 1;
        int family = string.CompareOrdinal(Family, other.Family);
        return family != 0 ? family : Numbers.CompareTo(other.Numbers);
    }
}
