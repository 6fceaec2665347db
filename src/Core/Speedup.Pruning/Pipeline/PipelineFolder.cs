using Speedup.Persistence;

namespace Speedup.Pruning.Pipeline;

/// <summary>
/// A folder with the results of a pipeline's stages, for one process at a time. Each file appears as a whole, by a move; the record of a stage comes last, and
/// names all others with their hashes. So a folder is at any moment one that a run can go on from.
/// </summary>
internal sealed class PipelineFolder : IDisposable
{
    private const string OwnFiles = "pipeline.";
    private const string ManifestName = "pipeline.json";
    private const string LockName = "pipeline.lock";
    private const string RecordName = "stage.json";
    private readonly FileStream _lock;

    private PipelineFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Makes the folder if need be, and holds it.</summary>
    /// <exception cref="PipelineException">Another process holds it, it is not a pipeline's, or it cannot be made.</exception>
    public static PipelineFolder Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            string? other = Directory
                .EnumerateFileSystemEntries(full)
                .FirstOrDefault(entry => !System.IO.Path.GetFileName(entry).StartsWith(OwnFiles, StringComparison.Ordinal));
            if (other is not null && !File.Exists(System.IO.Path.Combine(full, ManifestName)))
                throw new PipelineException(
                    PipelineCodes.OtherFolder,
                    $"'{full}' holds '{System.IO.Path.GetFileName(other)}', and no pipeline. Give a folder that is empty or not there yet."
                );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(full, fault);
        }
        return new PipelineFolder(full, Hold(full));
    }

    /// <summary>Says what pipeline it is of; the first time by writing it down.</summary>
    /// <exception cref="PipelineException">It is of another one.</exception>
    public void Claim(PipelineManifest manifest)
    {
        string path = PathOf(ManifestName);
        if (!File.Exists(path))
        {
            AtomicFile.Write(path, stream => stream.Write(manifest.ToBytes()));
            return;
        }
        var found = PipelineManifest.Parse(File.ReadAllBytes(path), path);
        if (found != manifest)
            throw new PipelineException(
                PipelineCodes.OtherPipeline,
                $"'{Path}' is of another pipeline: '{found.Name}' on {found.ModelClass}{Differing(found, manifest)}; this one is "
                    + $"'{manifest.Name}' on {manifest.ModelClass}. Give another folder, or delete this one."
            );
    }

    /// <summary>The record of a stage, if its files are what it says.</summary>
    public (StageRecord Record, string Hash)? Find(string stageFolder, string fingerprint)
    {
        string path = PathOf($"{stageFolder}/{RecordName}");
        if (!File.Exists(path))
            return null;
        byte[] bytes = File.ReadAllBytes(path);
        return StageRecord.TryParse(bytes) is { } record && record.Fingerprint == fingerprint && record.All.All(IsWhole)
            ? (record, Fingerprint.Of(bytes))
            : null;
    }

    /// <summary>Writes the record of a stage: the stage is done.</summary>
    /// <returns>Its hash.</returns>
    public string Write(string stageFolder, StageRecord record)
    {
        byte[] bytes = record.ToBytes();
        AtomicFile.Write(PathOf($"{stageFolder}/{RecordName}"), stream => stream.Write(bytes));
        return Fingerprint.Of(bytes);
    }

    /// <summary>Names a file as records do.</summary>
    public RecordedFile Describe(string path) => new(path.Replace('\\', '/'), Fingerprint.OfFile(PathOf(path)));

    /// <summary>A path within the folder, or one that is absolute.</summary>
    public string PathOf(string path) => System.IO.Path.Combine(Path, path);

    /// <summary>Deletes folders of stages that the pipeline no longer has.</summary>
    public void RemoveOthers(IReadOnlySet<string> stageFolders)
    {
        foreach (string folder in Directory.GetDirectories(Path))
        {
            if (!stageFolders.Contains(System.IO.Path.GetFileName(folder)) && File.Exists(System.IO.Path.Combine(folder, RecordName)))
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string folder)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new PipelineException(
                PipelineCodes.FolderInUse,
                $"'{folder}' is in use by another run of a pipeline. Wait for its end, or give another folder.",
                fault
            );
        }
        catch (UnauthorizedAccessException fault)
        {
            throw CannotWrite(folder, fault);
        }
    }

    private bool IsWhole(RecordedFile file) => File.Exists(PathOf(file.Path)) && Fingerprint.OfFile(PathOf(file.Path)) == file.Hash;

    private static string Differing(PipelineManifest found, PipelineManifest manifest) =>
        found.Name == manifest.Name && found.ModelClass == manifest.ModelClass ? " of other lengths" : "";

    private static PipelineException CannotWrite(string folder, Exception fault) =>
        new(
            PipelineCodes.CannotWrite,
            $"'{folder}' cannot be used ({fault.Message}). Give a folder that can be made and written to.",
            fault
        );
}
