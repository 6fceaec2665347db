using Speedup.Onnx;

namespace Speedup.Cli.Rendering;

/// <summary>An input or output of an exported graph, for programs.</summary>
internal sealed record OnnxPortJson(string Name, string Type, IReadOnlyList<string> Shape)
{
    /// <summary>The same in plain values.</summary>
    public static OnnxPortJson Of(OnnxPort port) => new(port.Name, port.DType.ToString(), port.Shape);
}
