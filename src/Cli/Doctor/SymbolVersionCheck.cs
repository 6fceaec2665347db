namespace Speedup.Cli.Doctor;

/// <summary>
/// Compares the symbol versions that TorchSharp's native library needs with those that the system's libraries define. On a
/// system older than the one it was built on, the loader refuses it with a message that TorchSharp hides.
/// </summary>
/// <param name="library">The native library; null where it was not found.</param>
/// <param name="findSystemLibrary">Path of a system library by name, or null.</param>
internal sealed class SymbolVersionCheck(string? library, Func<string, string?> findSystemLibrary) : IDoctorCheck
{
    private const string StandardLibrary = "libstdc++.so.6";

    /// <summary>What helps where libstdc++ is too old.</summary>
    internal const string OldStandardLibraryAdvice =
        "Build from source with `dotnet build` on this machine: the build marks the requirement weak in its own copy of the library "
        + "(see docs/decisions/0002-libtorch-on-old-libstdcxx.md); or use a system with GCC 13.2 or later (Debian 13, Ubuntu 24.04).";

    public IEnumerable<Finding> Run()
    {
        if (library is null)
        {
            yield return new Finding(
                "Native library",
                FindingStatus.Missing,
                "libLibTorchSharp.so is not beside the tool",
                "Build or install the tool again; it references TorchSharp-cpu, which brings the library for this platform."
            );
            yield break;
        }
        yield return new Finding("Native library", FindingStatus.Ok, library);
        foreach (Finding finding in ReadOrReport("Native library", () => CompareAll(library)))
            yield return finding;
    }

    private Finding[] CompareAll(string path) =>
        [
            .. ElfImage
                .Read(path)
                .Needs.GroupBy(need => need.Library)
                .SelectMany(needs => ReadOrReport(needs.Key, () => [Compare(needs.Key, [.. needs])])),
        ];

    /// <summary>A file that cannot be read is a finding too; whether it matters, the attempt to load shows.</summary>
    private static Finding[] ReadOrReport(string subject, Func<Finding[]> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return [new Finding(subject, FindingStatus.Info, $"its versions cannot be read: {exception.Message}")];
        }
    }

    private Finding Compare(string name, VersionNeed[] needs)
    {
        string newest = needs.Select(need => need.Version).MaxBy(SymbolVersion.Parse)!;
        if (findSystemLibrary(name) is not { } path)
            return new Finding(
                name,
                FindingStatus.Missing,
                $"needed in version {newest}, not found",
                $"Install the package that contains {name}."
            );
        HashSet<string> defined = [.. ElfImage.Read(path).Definitions];
        VersionNeed[] absent = [.. needs.Where(need => !defined.Contains(need.Version))];
        string[] hard = [.. absent.Where(need => !need.IsWeak).Select(need => need.Version)];
        string has = $"{path} has {Newest(defined, newest)}";
        if (hard.Length > 0)
            return new Finding(name, FindingStatus.Missing, $"{string.Join(", ", hard)} needed, {has}", AdviceFor(name));
        string detail = $"{newest} needed, {has}";
        return absent.Length == 0
            ? new Finding(name, FindingStatus.Ok, detail)
            : new Finding(name, FindingStatus.Ok, $"{detail}; the requirement is marked weak, so the library loads");
    }

    /// <summary>The newest defined version of the same family, such as <c>GLIBCXX</c>.</summary>
    private static string Newest(HashSet<string> defined, string needed)
    {
        string family = SymbolVersion.Parse(needed).Family;
        return defined.Where(version => SymbolVersion.Parse(version).Family == family).MaxBy(SymbolVersion.Parse) ?? $"no {family}";
    }

    private static string AdviceFor(string name) =>
        name == StandardLibrary
            ? OldStandardLibraryAdvice
            : $"Use a system with a newer {name}; it is part of the system's C library and cannot be updated alone.";
}
