namespace Speedup.Onnx.Abstractions;

/// <summary>A call cannot be written. The exporter collects the reasons of all calls into one error.</summary>
/// <param name="message">The name of the call, and why it cannot be written.</param>
public sealed class OnnxRefusalException(string message) : Exception(message);
