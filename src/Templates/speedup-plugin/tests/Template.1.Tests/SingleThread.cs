using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Template._1.Tests;

/// <summary>The kit's networks are small: threads that wait for each other make them much slower than one.</summary>
internal static class SingleThread
{
    [ModuleInitializer]
    internal static void Set() => set_num_threads(1);
}
