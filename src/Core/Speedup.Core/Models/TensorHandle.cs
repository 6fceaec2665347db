using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// Brings a tensor object back to life that was disposed: it is given the native tensor of another one. All places that refer to the object
/// then mean what they meant before.
/// </summary>
internal static class TensorHandle
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly FieldInfo? Handle = typeof(Tensor).GetField("handle", Any);
    private static readonly PropertyInfo? Scope = typeof(Tensor).GetProperty("OwningDisposeScope", Any);

    /// <summary>The dispose scope that a tensor belongs to; null where it belongs to none.</summary>
    public static DisposeScope? ScopeOf(Tensor tensor) => (DisposeScope?)Scope?.GetValue(tensor);

    /// <summary>Moves the native tensor of one object to another one, which loses its own, if it has any.</summary>
    /// <param name="from">The object that it is taken from.</param>
    /// <param name="to">The object that gets it.</param>
    /// <param name="scope">The dispose scope that the second one belonged to, and is to belong to again; it is alive.</param>
    public static void Move(Tensor from, Tensor to, DisposeScope? scope)
    {
        if (!to.IsInvalid)
            Tensor.UnsafeCreateTensor(to.DecoupleFromNativeHandle()).Dispose();
        Handle!.SetValue(to, from.DecoupleFromNativeHandle());
        GC.ReRegisterForFinalize(to);
        Scope?.SetValue(to, null); // a disposed tensor still names its scope, which no longer knows it: its finalizer would end the process
        scope?.Attach(to);
    }
}
