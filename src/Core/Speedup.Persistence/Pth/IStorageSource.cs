using Speedup.Persistence.Pickling;

namespace Speedup.Persistence.Pth;

/// <summary>Where the bytes of a .pth file's storages are.</summary>
internal interface IStorageSource
{
    /// <summary>How many bytes there are for a storage; null where there are none.</summary>
    long? LengthOf(StorageRef storage);

    /// <summary>Lets a reader take all bytes of a storage, and checks them as far as the layout says how.</summary>
    void Read(StorageRef storage, Action<Stream> read);
}
