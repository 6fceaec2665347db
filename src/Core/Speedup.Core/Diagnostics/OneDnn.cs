using System.Runtime.InteropServices;
using TorchSharp;

namespace Speedup.Core.Diagnostics;

/// <summary>
/// The switches of <c>at::Context</c> for oneDNN and NNPACK, which TorchSharp does not expose. They are exported by libtorch under
/// their Itanium-mangled names, so this works on Linux and macOS.
/// </summary>
internal static class OneDnn
{
    private const string GlobalContext = "_ZN2at13globalContextEv";
    private const string SetOneDnn = "_ZN2at7Context20setUserEnabledMkldnnEb";
    private const string SetNnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate IntPtr ContextGetter();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Switch(IntPtr context, [MarshalAs(UnmanagedType.U1)] bool on);

    /// <summary>Switches both off for this process.</summary>
    /// <returns>Whether the switch was found.</returns>
    public static bool TrySwitchOff()
    {
        torch.InitializeDeviceType(DeviceType.CPU); // the libraries are loaded from here on
        if (!NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out IntPtr library))
            return false;
        if (!NativeLibrary.TryGetExport(library, GlobalContext, out IntPtr getter) || !NativeLibrary.TryGetExport(library, SetOneDnn, out IntPtr set))
            return false;
        IntPtr context = Marshal.GetDelegateForFunctionPointer<ContextGetter>(getter)();
        Marshal.GetDelegateForFunctionPointer<Switch>(set)(context, false);
        if (NativeLibrary.TryGetExport(library, SetNnpack, out IntPtr nnpack))
            Marshal.GetDelegateForFunctionPointer<Switch>(nnpack)(context, false);
        return true;
    }
}
