using System.Reflection;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Calls the <c>forward</c> of a model of any signature.</summary>
internal static class ModelCall
{
    /// <summary>Runs a plain forward pass, on copies of the inputs.</summary>
    public static IReadOnlyList<Tensor> Run(nn.Module model, IReadOnlyList<Tensor> inputs) =>
        [.. TensorTypes.Find(Reflective.Invoke(FindForward(model, inputs), model, Pack(Copy(inputs))))];

    /// <summary>
    /// Copies inputs, for one pass: a first layer that works in place would change what the caller owns, and what the next pass
    /// is given. The copies belong to the caller's dispose scope.
    /// </summary>
    public static Tensor[] Copy(IReadOnlyList<Tensor> inputs) => [.. inputs.Select(input => input.clone())];

    /// <summary>Runs a traced forward pass.</summary>
    public static object? Run(nn.Module model, IReadOnlyList<Tensor> inputs, TraceSession session)
    {
        object?[] arguments = Pack(inputs);
        MethodInfo forward = FindForward(model, inputs);
        if (session.TryTraceInto(model, arguments, viaCall: false, out object? result))
            return result;
        result = Reflective.Invoke(forward, model, arguments);
        session.RecordModule(model, arguments, result, viaCall: false);
        return result;
    }

    private static object?[] Pack(IReadOnlyList<Tensor> inputs) => [.. inputs];

    private static MethodInfo FindForward(nn.Module model, IReadOnlyList<Tensor> inputs) =>
        VirtualCalls.FindForward(model.GetType(), Pack(inputs))
        ?? throw new SpeedupException(
            "SPD2001",
            $"{model.GetType().Name} has no forward that takes {inputs.Count} tensor(s). Give as many example inputs as its forward has parameters."
        );
}
