using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// Brings a tensor object back to life that was disposed: it is given the native tensor of another one. All places that refer to the object
/// then mean what they meant before.
/// </summary>
internal static class TensorHandle
{
    private static readonly FieldInfo? Handle = typeof(Tensor).GetField("handle", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Moves the native tensor of one object to another one, which loses its own, if it has any.</summary>
    public static void Move(Tensor from, Tensor to)
    {
        if (!to.IsInvalid)
            Tensor.UnsafeCreateTensor(to.DecoupleFromNativeHandle()).Dispose();
        Handle!.SetValue(to, from.DecoupleFromNativeHandle());
        GC.ReRegisterForFinalize(to);
    }
}
