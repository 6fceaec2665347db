namespace Speedup.Onnx.Abstractions;

/// <summary>A range of indices, as <c>x[1..5]</c> takes it.</summary>
/// <param name="Start">The first; null for the beginning.</param>
/// <param name="Stop">The one after the last; null for the end.</param>
/// <param name="Step">The distance; null for one.</param>
public sealed record OnnxRange(OnnxNumber? Start, OnnxNumber? Stop, OnnxNumber? Step);
