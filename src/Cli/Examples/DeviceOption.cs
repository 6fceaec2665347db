using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples;

/// <summary>Devices by the names that PyTorch uses: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>.</summary>
internal static class DeviceOption
{
    /// <summary>Whether a name has the right form; says nothing about this machine.</summary>
    public static bool IsWellFormed(string name) =>
        name is "cpu" or "cuda" || (name.StartsWith("cuda:", StringComparison.Ordinal) && IndexOf(name) >= 0);

    /// <summary>The device of a name.</summary>
    /// <exception cref="InvalidOperationException">This machine or this build does not have it.</exception>
    public static Device Resolve(string name)
    {
        if (name == "cpu")
            return CPU;
        if (!cuda.is_available())
        {
            throw new InvalidOperationException(
                $"Device '{name}' is not available: this build uses TorchSharp-cpu, or no CUDA driver was found. "
                    + "Build against TorchSharp-cuda-linux or TorchSharp-cuda-windows, or use --device cpu."
            );
        }
        int index = Math.Max(IndexOf(name), 0);
        int count = cuda.device_count();
        return index < count
            ? device(DeviceType.CUDA, index)
            : throw new InvalidOperationException(
                $"Device '{name}' does not exist: this machine has {count} CUDA device(s), from cuda:0 on."
            );
    }

    private static int IndexOf(string name)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && ushort.TryParse(name.AsSpan(colon + 1), out ushort index) ? index : -1;
    }
}
