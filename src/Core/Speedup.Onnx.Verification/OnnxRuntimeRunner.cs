using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Speedup.Onnx.Verification;

/// <summary>Runs ONNX files in ONNX Runtime, on the processor.</summary>
public sealed class OnnxRuntimeRunner : IOnnxRunner
{
    /// <summary>Threads within an operator; zero for as many as there are cores.</summary>
    public int Threads { get; init; }

    /// <summary>Whether ONNX Runtime may change the graph before it runs it.</summary>
    public bool Optimizes { get; init; } = true;

    /// <inheritdoc/>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not take the file, or an input.</exception>
    public IReadOnlyList<IReadOnlyList<Tensor>> Run(string path, IReadOnlyList<IReadOnlyList<Tensor>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = Threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            GraphOptimizationLevel = Optimizes ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        using var session = new InferenceSession(path, options);
        return [.. inputs.Select(tensors => Run(session, tensors))];
    }

    private static IReadOnlyList<Tensor> Run(InferenceSession session, IReadOnlyList<Tensor> tensors)
    {
        using var running = new RunOptions();
        OrtValue[] values = [.. tensors.Select(OrtTensors.From)];
        try
        {
            string[] names = [.. session.InputNames];
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(running, names, values, session.OutputNames);
            return [.. results.Select(OrtTensors.ToTensor)];
        }
        finally
        {
            foreach (OrtValue value in values)
                value.Dispose();
        }
    }
}
