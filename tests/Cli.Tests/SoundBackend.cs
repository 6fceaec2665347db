using System.Runtime.CompilerServices;
using Speedup.Core.Backends;

namespace Cli.Tests;

/// <summary>Sees to it, before any test, that convolutions can be compared.</summary>
internal static class SoundBackend
{
    [ModuleInitializer]
    internal static void Ensure() => CpuConvolution.EnsureSound();
}
