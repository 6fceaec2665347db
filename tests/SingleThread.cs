using System.Runtime.CompilerServices;
using TorchSharp;

namespace TestSupport;

/// <summary>The tensors are tiny and the tests run side by side: threads within an operation would only be in each other's way.</summary>
internal static class SingleThread
{
    [ModuleInitializer]
    internal static void Prepare() => torch.set_num_threads(1);
}
