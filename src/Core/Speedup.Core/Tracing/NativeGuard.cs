using System.Reflection;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// Checks what the native library does not: in TorchSharp 0.107.0 an error in <c>matmul</c> is not turned into an exception, but ends the process.
/// A model is tried at sizes that it may refuse, and must be able to. Of the 1,164 functions of the native library only <c>matmul</c>, <c>cummax</c>
/// and <c>cummin</c> compute on tensors without a handler for C++ exceptions (their exception tables say so), and the latter two fail for an
/// axis that is not there, which no size brings about.
/// </summary>
internal static class NativeGuard
{
    private static readonly MethodInfo MatMul = typeof(NativeGuard).GetMethod(nameof(CheckMatMul))!;

    /// <summary>What to call with the arguments of a function before it is called; null where it looks after itself.</summary>
    public static MethodInfo? Find(MethodInfo function) =>
        function.Name == "matmul" && CallSignature.ParametersOf(function).SequenceEqual([typeof(Tensor), typeof(Tensor)]) ? MatMul : null;

    /// <summary>Checks a matrix product.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void CheckMatMul(Tensor left, Tensor right)
    {
        long[] first = left.shape;
        long[] second = right.shape;
        if (!MatrixShapes.Fit(first, second) || left.dtype != right.dtype)
            throw new ArgumentException(
                $"matmul of {left.dtype} [{string.Join(", ", first)}] and {right.dtype} [{string.Join(", ", second)}]: they do not fit."
            );
    }
}
