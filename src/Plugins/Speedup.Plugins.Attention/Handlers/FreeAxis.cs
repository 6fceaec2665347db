using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>An axis of a product and where it comes from.</summary>
/// <param name="Output">The axis of the output.</param>
/// <param name="Left">The axis of the left side that runs along it, or null.</param>
/// <param name="Right">The axis of the right side that runs along it, or null.</param>
internal readonly record struct FreeAxis(int Output, AxisRef? Left, AxisRef? Right);
