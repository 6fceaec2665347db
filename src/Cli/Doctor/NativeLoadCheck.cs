using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Cli.Doctor;

/// <summary>
/// Loads the native backend. The library is first opened by its path: a refusal then carries the loader's own words, and
/// TorchSharp's fallback, which copies half a gigabyte and hides the cause, never starts.
/// </summary>
/// <param name="library">The native library; null where it was not found.</param>
internal sealed class NativeLoadCheck(string? library) : IDoctorCheck
{
    private const string Subject = "Native backend";

    public IEnumerable<Finding> Run() => [Load()];

    private Finding Load()
    {
        try
        {
            if (library is not null)
                NativeLibrary.Load(library);
            using Tensor sum = ones(2).sum();
            return new Finding(Subject, FindingStatus.Ok, $"loads and computes ({sum.ToSingle():0} = 1 + 1)");
        }
        catch (Exception exception) when (IsLoadFailure(exception))
        {
            string cause = RootCause(exception).Message.ReplaceLineEndings(" ");
            string advice = cause.Contains("GLIBCXX", StringComparison.Ordinal)
                ? SymbolVersionCheck.OldStandardLibraryAdvice
                : "See the findings above for what the library needs; `ldd` on its path names what is not found.";
            return new Finding(Subject, FindingStatus.Missing, cause, advice);
        }
    }

    private static bool IsLoadFailure(Exception exception) =>
        exception
            is DllNotFoundException
                or TypeInitializationException
                or NotSupportedException
                or BadImageFormatException
                or EntryPointNotFoundException;

    private static Exception RootCause(Exception exception) => exception.InnerException is { } inner ? RootCause(inner) : exception;
}
