using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Checks what the engine is called with.</summary>
internal static class EngineArguments
{
    /// <summary>Checks model and example inputs.</summary>
    public static void Check(nn.Module model, IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
            throw new ArgumentException("At least one example input is needed.", nameof(inputs));
    }

    /// <summary>Checks the options, and further inputs against the example.</summary>
    public static void CheckOptions(IReadOnlyList<Tensor> inputs, SpeedupOptions options)
    {
        if (options.HandlerCallLimit <= TimeSpan.Zero && options.HandlerCallLimit != Timeout.InfiniteTimeSpan)
            throw new ArgumentException(
                $"SpeedupOptions.HandlerCallLimit is {options.HandlerCallLimit}; give a positive time, or Timeout.InfiniteTimeSpan for none.",
                nameof(options)
            );
        CheckOthers(inputs, options.OtherInputs, $"{nameof(SpeedupOptions)}.{nameof(SpeedupOptions.OtherInputs)}");
    }

    /// <summary>Checks further inputs against the example.</summary>
    /// <param name="inputs">The example.</param>
    /// <param name="others">The further inputs.</param>
    /// <param name="option">The option that holds them.</param>
    public static void CheckOthers(IReadOnlyList<Tensor> inputs, IReadOnlyList<IReadOnlyList<Tensor>> others, string option)
    {
        foreach ((int index, IReadOnlyList<Tensor> other) in others.Index())
        {
            if (other.Count != inputs.Count)
                throw new ArgumentException(
                    $"{option}[{index}] has {other.Count} tensors, the example input has {inputs.Count}; give as many.",
                    nameof(others)
                );
        }
    }
}
