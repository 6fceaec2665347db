using Speedup.Cli.Doctor;
using Xunit;

namespace Cli.Tests.Doctor;

public sealed class ElfImageTests
{
    [Fact]
    public void Read_OfTorchSharpsLibrary_FindsTheNeedOfGcc13()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF is the format of Linux.");
        string library = SystemLibraries.FindOwn("libLibTorchSharp.so")!;

        ElfImage image = ElfImage.Read(library);

        Assert.Contains(image.Needs, need => need.Library == "libstdc++.so.6" && need.Version == "GLIBCXX_3.4.32");
        Assert.Contains(image.Needs, need => need.Library == "libc.so.6" && !need.IsWeak);
    }

    [Fact]
    public void Read_OfTheStandardLibrary_FindsWhatItDefines()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF is the format of Linux.");

        ElfImage image = ElfImage.Read(SystemLibraries.Find("libstdc++.so.6")!);

        Assert.Contains("GLIBCXX_3.4", image.Definitions);
        Assert.Contains("CXXABI_1.3", image.Definitions);
        Assert.DoesNotContain("GLIBC_2.2.5", image.Definitions);
    }

    [Fact]
    public void Read_OfAnotherFile_SaysWhatIsWrong()
    {
        string path = typeof(ElfImageTests).Assembly.Location;

        var error = Assert.Throws<InvalidDataException>(() => ElfImage.Read(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfATruncatedFile_SaysThatItIsDamaged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF is the format of Linux.");
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, File.ReadAllBytes(SystemLibraries.Find("libstdc++.so.6")!)[..1000]);

            var error = Assert.Throws<InvalidDataException>(() => ElfImage.Read(path));

            Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
