using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Speedup.Core.Backends;

/// <summary>
/// The switches that PyTorch has as <c>torch.backends.mkldnn.enabled</c> and <c>torch.backends.nnpack.enabled</c> and TorchSharp
/// lacks: members of <c>at::Context</c>, called by the names that the Itanium C++ ABI (Linux, macOS) gives them.
/// </summary>
internal static class OneDnn
{
    private const string Library = "torch_cpu";
    private const string GetContext = "_ZN2at13globalContextEv";
    private const string SetOneDnn = "_ZN2at7Context20setUserEnabledMkldnnEb";
    private const string SetNnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";

    private delegate nint GetContextFunction();

    private delegate void SetEnabledFunction(nint context, byte enabled);

    /// <summary>
    /// Turns oneDNN off for this process. NNPACK goes with it: it would be asked next, and where it does not know the processor it
    /// writes a warning for every single convolution.
    /// </summary>
    /// <returns>False where the switch was not found.</returns>
    public static bool TryDisable()
    {
        if (
            !NativeLibrary.TryLoad(Library, typeof(Tensor).Assembly, searchPath: null, out nint library)
            || !NativeLibrary.TryGetExport(library, GetContext, out nint getContext)
            || !NativeLibrary.TryGetExport(library, SetOneDnn, out nint setOneDnn)
        )
        {
            return false;
        }
        nint context = Marshal.GetDelegateForFunctionPointer<GetContextFunction>(getContext)();
        Disable(setOneDnn, context);
        if (NativeLibrary.TryGetExport(library, SetNnpack, out nint setNnpack))
            Disable(setNnpack, context);
        return true;
    }

    private static void Disable(nint setter, nint context) => Marshal.GetDelegateForFunctionPointer<SetEnabledFunction>(setter)(context, 0);
}
