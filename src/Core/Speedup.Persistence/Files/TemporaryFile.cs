using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Speedup.Persistence;

/// <summary>
/// The temporary files of saves, and which of them nobody writes any more. A name says who writes: <c>target.machine-process-number.tmp</c>.
/// A file is an orphan only if both hold:
/// <list type="bullet">
/// <item>Its process is none of this machine's any more: none has that number, or one that began after the file was last written. Of a process of another
/// machine (a container counts as one, by its host name) or of an unknown one nothing can be asked: there nobody must have written for a day, and a
/// save does nothing but write.</item>
/// <item>It can be opened though a save holds its file for itself alone while it writes; the system lets go when the process ends. That covers processes that
/// this one cannot see.</item>
/// </list>
/// </summary>
internal static class TemporaryFile
{
    private const string Extension = ".tmp";
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    /// <summary>Start times of processes are told to a tick of the kernel, and files' to one of the file system.</summary>
    private static readonly TimeSpan ClockSteps = TimeSpan.FromSeconds(2);

    /// <summary>A name beside a target that no other save takes.</summary>
    public static string NewName(string target) =>
        string.Create(CultureInfo.InvariantCulture, $"{target}.{Machine()}-{Environment.ProcessId}-{Guid.NewGuid():N}{Extension}");

    /// <summary>Deletes what earlier saves to a target left behind. What cannot be looked at or deleted stays.</summary>
    public static void DeleteOrphans(string target)
    {
        try
        {
            DeleteAbandoned(target);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // the folder is not there, or may be written but not listed: saving tells of the former, and the latter is no reason to fail
        }
    }

    private static void DeleteAbandoned(string target)
    {
        string folder = Path.GetDirectoryName(target)!;
        string start = Path.GetFileName(target) + ".";
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            string name = Path.GetFileName(path);
            if (
                name.Length >= start.Length + Extension.Length
                && name.StartsWith(start, StringComparison.Ordinal)
                && TryParse(name[start.Length..^Extension.Length], out int? process)
                && IsAbandoned(path, process)
            )
                TryDelete(path);
        }
    }

    /// <summary>Reads the part of a name that tells the writer; null for the process where it is none of this machine's.</summary>
    private static bool TryParse(string text, out int? process)
    {
        process = null;
        string[] parts = text.Split('-');
        if (!Guid.TryParseExact(parts[^1], "N", out _))
            return false;
        if (parts.Length == 1)
            return true; // of a version that did not write more
        if (parts.Length != 3 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return false;
        if (parts[0] == Machine())
            process = number;
        return true;
    }

    private static bool IsAbandoned(string path, int? process)
    {
        DateTime written = File.GetLastWriteTimeUtc(path);
        return process is { } number ? !IsAlive(number, written) : DateTime.UtcNow - written > LongestPause;
    }

    private static bool IsAlive(int number, DateTime written)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            return process.StartTime.ToUniversalTime() <= written + ClockSteps;
        }
        catch (ArgumentException)
        {
            return false; // there is none
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            return true; // it ended just now, or is somebody else's: the next save will see
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete);
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // somebody writes it, or it is not ours to delete
        }
    }

    private static string Machine() =>
        Crc32.HashToUInt32(Encoding.UTF8.GetBytes(Environment.MachineName)).ToString("x8", CultureInfo.InvariantCulture);
}
