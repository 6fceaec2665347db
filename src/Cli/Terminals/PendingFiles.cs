using System.Globalization;

namespace Speedup.Cli.Terminals;

/// <summary>
/// Files that a command writes. Each appears as a whole, by a move; what it is written under before, a file or a folder, has the name of the process in it.
/// </summary>
internal sealed class PendingFiles
{
    private static readonly string OwnMark = string.Create(CultureInfo.InvariantCulture, $"-{Environment.ProcessId}-");
    private readonly List<string> _targets = [];

    /// <summary>Notes a file that may be written from now on.</summary>
    public void Add(string target)
    {
        lock (_targets)
            _targets.Add(Path.GetFullPath(target));
    }

    /// <summary>Deletes what is half written. Whoever is writing it must not go on.</summary>
    public void Discard()
    {
        lock (_targets)
        {
            foreach (string target in _targets)
                Discard(target);
        }
    }

    private static void Discard(string target)
    {
        try
        {
            foreach (
                string half in Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(target)!, $"{Path.GetFileName(target)}.*.tmp")
            )
            {
                if (!Path.GetFileName(half)[Path.GetFileName(target).Length..].Contains(OwnMark, StringComparison.Ordinal))
                    continue;
                if (Directory.Exists(half))
                    Directory.Delete(half, recursive: true);
                else
                    File.Delete(half);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // the process ends: the next save to the target deletes it
        }
    }
}
