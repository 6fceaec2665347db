namespace Speedup.Core.CodeWriting.Plans;

/// <summary>The length of an axis.</summary>
/// <param name="Value">Id of the value.</param>
/// <param name="Axis">The axis.</param>
internal sealed record SizeTerm(int Value, int Axis);
