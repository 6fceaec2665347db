using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Calls the <c>forward</c> of a model of any signature.</summary>
internal static class ModelCall
{
    /// <summary>Runs a plain forward pass, which may write to the inputs.</summary>
    public static IReadOnlyList<Tensor> Run(nn.Module model, IReadOnlyList<Tensor> inputs)
    {
        (MethodInfo forward, object?[] arguments) = FindForward(model, inputs);
        return [.. TensorTypes.Find(TensorTypes.Hold(Reflective.Invoke(forward, model, arguments)))];
    }

    /// <summary>
    /// Copies inputs, for one pass: a first layer that works in place would change what the caller owns, and what the next pass
    /// is given. The copies belong to the caller's dispose scope.
    /// </summary>
    public static Tensor[] Copy(IReadOnlyList<Tensor> inputs) => [.. inputs.Select(input => input.clone())];

    /// <summary>Runs a traced forward pass.</summary>
    public static object? Run(nn.Module model, IReadOnlyList<Tensor> inputs, TraceSession session)
    {
        (MethodInfo forward, object?[] arguments) = FindForward(model, inputs);
        if (session.TryTraceInto(model, forward, arguments, out object? result))
            return result;
        result = Reflective.Invoke(forward, model, arguments);
        session.RecordModule(model, forward, arguments, result);
        return result;
    }

    /// <summary>The <c>forward</c> to call, and with what: the inputs one by one, the rest as declared, or all in one array or list.</summary>
    private static (MethodInfo Forward, object?[] Arguments) FindForward(nn.Module model, IReadOnlyList<Tensor> inputs)
    {
        foreach (
            object?[] arguments in (object?[][])
                [
                    [.. inputs],
                    [inputs.ToArray()],
                    [inputs.ToList()],
                ]
        )
        {
            if (VirtualCalls.FindForward(model.GetType(), arguments) is { } forward)
                return (forward, arguments);
        }
        return VirtualCalls.FindForwardWithDefaults(model.GetType(), [.. inputs])
            ?? throw new SpeedupException(
                "SPD2001",
                $"{model.GetType().Name} has no forward that takes {inputs.Count} tensor(s). Give as many example inputs as its forward has "
                    + "parameters without a default value; wrap the model where it takes something else than tensors."
            );
    }
}
