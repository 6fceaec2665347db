using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>The graph that operators write to. Names are made by the exporter.</summary>
public interface IOnnxGraph
{
    /// <summary>The version of the operator set that the graph is written in.</summary>
    int Opset { get; }

    /// <summary>Adds a node.</summary>
    /// <param name="type">Its operator, such as <c>Conv</c>.</param>
    /// <param name="inputs">What it reads; null for an optional input that is left out.</param>
    /// <param name="results">The element types of what it yields.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>What it yields.</returns>
    IReadOnlyList<OnnxValue> Add(
        string type,
        IReadOnlyList<OnnxValue?> inputs,
        IReadOnlyList<ScalarType> results,
        IReadOnlyList<OnnxAttribute> attributes
    );

    /// <summary>A tensor that is written into the file. Equal short ones are written once.</summary>
    /// <param name="tensor">The tensor; it stays the caller's.</param>
    OnnxValue Constant(Tensor tensor);

    /// <summary>The length of an axis: a number where it is the same at all sizes, or else one that is computed when the model runs.</summary>
    /// <param name="value">An argument of the call.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    OnnxNumber Length(OnnxValue value, int axis);
}
