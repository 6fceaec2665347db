using Speedup.Core.Graph;

namespace Speedup.Core.Sizes;

/// <summary>A call as it was made at another size of the input, with other numbers among its arguments.</summary>
/// <param name="Node">The call.</param>
/// <param name="Inputs">Shapes of the tensors that it read.</param>
/// <param name="Outputs">Shapes of the tensors that it made.</param>
internal sealed record SizedCall(GraphNode Node, IReadOnlyList<IReadOnlyList<long>> Inputs, IReadOnlyList<IReadOnlyList<long>> Outputs);
