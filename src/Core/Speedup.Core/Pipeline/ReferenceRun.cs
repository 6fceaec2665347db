using Speedup.Core.Graph;
using Speedup.Core.Verification;

namespace Speedup.Core.Pipeline;

/// <summary>What the masked model did.</summary>
/// <param name="Graph">Its calls on the example input.</param>
/// <param name="Probes">Its outputs on the example input and on others.</param>
internal sealed record ReferenceRun(ModelGraph Graph, IReadOnlyList<ProbeInput> Probes);
