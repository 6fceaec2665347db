namespace Speedup.Persistence;

/// <summary>The permanent codes of file errors; docs/errors/persistence-and-masks.md has a row for each.</summary>
internal static class FileCodes
{
    public const string CannotRead = "SPD1001";
    public const string CannotWrite = "SPD1002";
    public const string UnknownExtension = "SPD1003";
    public const string NotAnArchive = "SPD1004";
    public const string LegacyFile = "SPD1005";
    public const string WholeModule = "SPD1006";
    public const string TorchScript = "SPD1007";
    public const string ForbiddenGlobal = "SPD1008";
    public const string ForbiddenOpcode = "SPD1009";
    public const string BadPickle = "SPD1010";
    public const string LimitExceeded = "SPD1011";
    public const string Checksum = "SPD1012";
    public const string ArchiveLayout = "SPD1013";
    public const string ByteOrder = "SPD1014";
    public const string BadStorage = "SPD1015";
    public const string ViewOutOfBounds = "SPD1016";
    public const string UnsupportedType = "SPD1017";
    public const string NotAStateDict = "SPD1018";
    public const string NotMasks = "SPD1019";
    public const string OutOfMemory = "SPD1020";
    public const string HeaderLength = "SPD1021";
    public const string BadHeader = "SPD1022";
    public const string BadOffsets = "SPD1023";
    public const string WrongFileLength = "SPD1024";
    public const string StateDictMismatch = "SPD1031";
    public const string BadName = "SPD1032";
    public const string UnsavableTensor = "SPD1033";
    public const string CopyFailed = "SPD1034";
}
