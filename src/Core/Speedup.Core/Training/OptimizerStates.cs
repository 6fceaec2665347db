using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Training;

/// <summary>
/// What an optimizer holds for one parameter: tensors of its shape (momentum, moments, sums), and numbers (steps). TorchSharp's state classes, and any that
/// follow them, have them in public fields.
/// </summary>
internal static class OptimizerStates
{
    /// <summary>Writes one state over another one of the same class.</summary>
    /// <param name="from">The state that is read; not changed.</param>
    /// <param name="to">The state that is written; it owns the results of <paramref name="take"/>.</param>
    /// <param name="take">What becomes of a tensor.</param>
    public static void Copy(OptimizerState from, OptimizerState to, Func<Tensor, Tensor> take)
    {
        foreach (FieldInfo field in FieldsOf(to))
        {
            (field.GetValue(to) as Tensor)?.Dispose();
            object? value = field.GetValue(from);
            field.SetValue(to, value is Tensor tensor ? take(tensor).DetachFromDisposeScope() : value);
        }
    }

    /// <summary>Frees the tensors of a state.</summary>
    public static void Dispose(OptimizerState state)
    {
        foreach (FieldInfo field in FieldsOf(state))
            (field.GetValue(state) as Tensor)?.Dispose();
    }

    private static FieldInfo[] FieldsOf(OptimizerState state) => state.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public);
}
