using System.IO.Enumeration;
using Speedup.Persistence.Masks;

namespace Speedup.Persistence;

/// <summary>The names under which the tensors of a file are read.</summary>
internal sealed class TensorNames(TensorFileOptions options, LoadBudget budget, FileErrors errors)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>The name of a tensor; null where it is left out.</summary>
    /// <exception cref="PersistenceException">Two tensors get one name.</exception>
    public string? Find(string name)
    {
        string? prefix = options.StripPrefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        string found = prefix is null ? name : name[prefix.Length..];
        budget.Charge(LoadBudget.Hashed + LoadBudget.Text(found.Length));
        if (options.Ignore.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, found, ignoreCase: false)))
            return null;
        if (found.Length == 0 || !_seen.Add(found))
            throw errors.Create(
                FileCodes.BadName,
                $"two tensors are named '{Quoted.Text(found)}' without their prefix, or nothing is left of a name. Check StripPrefixes."
            );
        return found;
    }
}
