using System.Runtime.CompilerServices;

namespace Cli.Tests;

/// <summary>Tests run beside each other; threads that wait for each other are then slower than one.</summary>
internal static class SingleThread
{
    [ModuleInitializer]
    internal static void Set() => TorchSharp.torch.set_num_threads(1);
}
