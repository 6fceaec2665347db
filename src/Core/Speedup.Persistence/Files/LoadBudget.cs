namespace Speedup.Persistence;

/// <summary>
/// What reading a file may cost, in bytes: so many for each byte of the file, and some for any file. Whatever is allocated because of the
/// file's content is charged here first, at no less than its size, and so is text that is hashed or copied again because the file refers to it
/// again. Hence memory and time are linear in the length of the file, whatever is in it.
/// </summary>
internal sealed class LoadBudget(long fileLength, FileLimits limits, FileErrors errors, string purpose = "to be read")
{
    /// <summary>An object of few fields, such as a number in a box.</summary>
    public const int Small = 24;

    /// <summary>A place in a list that grows by doubling: the array, and the smaller ones before it.</summary>
    public const int Slot = 32;

    /// <summary>The first array of a list, which has places for some.</summary>
    public const int FirstSlots = 128;

    /// <summary>An entry of a hash table that grows by doubling.</summary>
    public const int Hashed = 128;

    /// <summary>A tensor without its data, managed and native.</summary>
    public const int Tensor = 256;

    /// <summary>What passes by while the data of a tensor is read: streams, checksum.</summary>
    public const int Reading = 256;

    private readonly Int128 _most = ((Int128)fileLength * limits.MemoryPerByte) + limits.FreeMemory;
    private Int128 _charged;

    /// <summary>An array of that many references or numbers of eight bytes.</summary>
    public static long ArrayOf(long count) => Small + (8 * count);

    /// <summary>A string of that many characters.</summary>
    public static long Text(long characters) => 32 + (2 * characters);

    /// <summary>Takes from the budget.</summary>
    /// <param name="bytes">How much.</param>
    /// <exception cref="PersistenceException">There is not that much left.</exception>
    public void Charge(long bytes)
    {
        _charged += bytes;
        if (_charged > _most)
            throw errors.Limit(
                $"the file of {fileLength} bytes asks for more than {limits.MemoryPerByte} times its size and {limits.FreeMemory >> 20} MiB {purpose}"
            );
    }
}
