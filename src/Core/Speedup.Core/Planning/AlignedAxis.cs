using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>An axis of a module's output with channels that it keeps only because others, elsewhere, are needed.</summary>
/// <param name="Operator">The call of the module.</param>
/// <param name="Axis">Axis of its output, from the front.</param>
internal sealed record AlignedAxis(GraphOperator Operator, int Axis);
