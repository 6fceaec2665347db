namespace Speedup.Persistence.Masks;

/// <summary>Finds what a wrong name may have meant. Gives up after some work, so that a hostile file cannot keep it busy.</summary>
internal sealed class NearestName(IReadOnlyCollection<string> candidates)
{
    private const int MostQuestions = 32;
    private const int MostComparisons = 1 << 23;
    private const int Longest = 128;
    private int _questions;
    private int _comparisons;

    /// <summary>Text such as <c>; the model has 'conv1'</c>, or nothing where no candidate is near.</summary>
    public string Suggest(string name, string words) => Find(name) is { } near ? $"; {words} '{Quoted.Text(near)}'" : "";

    /// <summary>The candidate with the fewest edits, at most a third of its letters (but at least two).</summary>
    public string? Find(string name)
    {
        if (++_questions > MostQuestions || name.Length is 0 or > Longest)
            return null;
        string? best = null;
        int edits = Math.Max(3, name.Length / 3 + 1);
        foreach (string candidate in candidates)
        {
            if (candidate.Length is 0 or > Longest || Math.Abs(candidate.Length - name.Length) >= edits)
                continue;
            _comparisons += name.Length * candidate.Length;
            if (_comparisons > MostComparisons)
                return best;
            int distance = Edits(name, candidate);
            if (distance < edits)
                (best, edits) = (candidate, distance);
        }
        return best;
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Edits(string left, string right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
            row[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replace = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
