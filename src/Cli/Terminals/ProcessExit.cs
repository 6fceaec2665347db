using System.Reflection;
using System.Runtime.InteropServices;

namespace Speedup.Cli.Terminals;

/// <summary>
/// Ends the process at once, whatever its threads are doing: <see cref="Environment.Exit"/> takes the native library apart below a call of it that is running.
/// </summary>
internal static class ProcessExit
{
    /// <summary>Looks the functions up before there is any hurry.</summary>
    public static void Prepare()
    {
        foreach (
            string name in OperatingSystem.IsWindows()
                ? (string[])[nameof(TerminateProcess), nameof(GetCurrentProcess)]
                : [nameof(ExitUnix)]
        )
            Marshal.Prelink(typeof(ProcessExit).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!);
    }

    /// <summary>Ends it; nothing is flushed, disposed or finalized.</summary>
    public static void Now(int code)
    {
        if (OperatingSystem.IsWindows())
            _ = TerminateProcess(GetCurrentProcess(), (uint)code);
        else
            ExitUnix(code);
    }

#pragma warning disable SYSLIB1054 // LibraryImport would make the whole project unsafe for three calls

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitUnix(int code);

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int TerminateProcess(nint process, uint code);

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint GetCurrentProcess();
}
