using System.Runtime.CompilerServices;
using Speedup.Core.Backends;

namespace TestSupport;

/// <summary>Makes float32 convolutions right before any test compares numbers.</summary>
internal static class Backend
{
    [ModuleInitializer]
    internal static void Prepare() => CpuConvolution.EnsureSound();
}
