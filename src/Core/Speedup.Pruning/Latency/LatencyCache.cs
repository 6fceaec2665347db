using System.Text.Json;
using Speedup.Persistence;

namespace Speedup.Pruning.Latency;

/// <summary>Tables in a file. One that cannot be read counts as empty, since all in it can be measured again.</summary>
internal sealed class LatencyCache(string path)
{
    /// <summary>Tables that are kept; the oldest go.</summary>
    private const int Most = 100;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>A table; null where there is none.</summary>
    public LatencyTable? Find(string key) => Read().FirstOrDefault(entry => entry.Key == key)?.Table;

    /// <summary>Adds a table, or takes the place of one.</summary>
    /// <exception cref="PersistenceException">The file cannot be written.</exception>
    public void Add(string key, LatencyTable table)
    {
        Entry[] entries = [.. Read().Where(entry => entry.Key != key).Append(new Entry(key, table)).TakeLast(Most)];
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, entries, Json));
    }

    private IReadOnlyList<Entry> Read()
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Entry[]? entries = JsonSerializer.Deserialize<Entry[]>(stream, Json);
            return [.. (entries ?? []).Where(entry => entry is { Key: not null, Table: { Layers: not null, Rest.Count: > 0 } })];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>A line of the file.</summary>
    internal sealed record Entry(string Key, LatencyTable Table);
}
