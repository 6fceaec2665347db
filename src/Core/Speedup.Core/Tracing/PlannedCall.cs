using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>What one call is to yield.</summary>
/// <param name="Method">The function; null for a call of a module, or one that does not yield one tensor.</param>
/// <param name="Shape">Lengths of the axes of the tensor.</param>
/// <param name="DType">Its type.</param>
internal sealed record PlannedCall(MethodInfo? Method, IReadOnlyList<long> Shape, ScalarType DType);
