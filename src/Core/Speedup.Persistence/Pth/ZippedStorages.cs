using Speedup.Persistence.Pickling;
using static TorchSharp.torch;

namespace Speedup.Persistence.Pth;

/// <summary>Storages as records <c>data/key</c> of a zip archive.</summary>
internal sealed class ZippedStorages(PthArchive archive) : IStorageSource
{
    /// <inheritdoc/>
    public long? LengthOf(StorageRef storage) => archive.LengthOf(RecordOf(storage));

    /// <inheritdoc/>
    public void Read(StorageRef storage, Action<Stream> read) => archive.Read(RecordOf(storage), storage.Type == ScalarType.Bool, read);

    private static string RecordOf(StorageRef storage) => $"data/{storage.Key}";
}
