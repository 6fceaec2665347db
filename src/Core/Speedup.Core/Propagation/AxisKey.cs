namespace Speedup.Core.Propagation;

/// <summary>One axis of one value or parameter, whichever operator looks at it.</summary>
/// <param name="Tensor">Key from <see cref="TensorKeys"/>.</param>
/// <param name="Axis">Axis from the front.</param>
internal readonly record struct AxisKey(int Tensor, int Axis);
