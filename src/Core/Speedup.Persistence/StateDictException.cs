using Speedup.Abstractions;
using Speedup.Persistence.Masks;

namespace Speedup.Persistence;

/// <summary>A weights file and a module do not fit; the module was not changed.</summary>
public sealed class StateDictException : SpeedupException
{
    private const int MostShown = 20;

    /// <summary>Creates an error.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="faults">Everything that does not fit.</param>
    /// <param name="hint">What to do.</param>
    public StateDictException(string filePath, IReadOnlyList<StateDictFault> faults, string hint)
        : base(FileCodes.StateDictMismatch, Quoted.Message(Text(filePath, faults, hint)))
    {
        FilePath = filePath;
        Faults = faults;
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Everything that does not fit.</summary>
    public IReadOnlyList<StateDictFault> Faults { get; }

    private static string Text(string filePath, IReadOnlyList<StateDictFault> faults, string hint)
    {
        IEnumerable<string> lines = faults.Take(MostShown).Select(fault => $"\n  {fault.Message}");
        string more = faults.Count > MostShown ? $"\n  and {faults.Count - MostShown} more" : "";
        return $"'{filePath}' does not fit the module ({faults.Count} faults); the module was not changed. {hint}{string.Concat(lines)}{more}";
    }
}
