using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;

namespace Speedup.Core.Pipeline;

/// <summary>What the masked model did.</summary>
/// <param name="Graph">Its calls on the example input.</param>
/// <param name="Probes">Its outputs on the example input and on others.</param>
/// <param name="Tracer">Runs passes like those: of one call, or of several in a row.</param>
/// <param name="Changes">What a pass of one call has written.</param>
internal sealed record ReferenceRun(ModelGraph Graph, IReadOnlyList<ProbeInput> Probes, Tracer Tracer, StateChanges Changes)
{
    private IEnumerable<ModelGraph> Graphs => Probes.Select(probe => probe.Graph).Where(graph => graph.Nodes.Count > 0);

    /// <summary>
    /// The same with the example replaced by the input on which the most calls were made, as a loop that ran longer shows what meets what; null
    /// where the example is that input.
    /// </summary>
    public ReferenceRun? FindLonger()
    {
        ProbeInput longest = Probes.MaxBy(probe => probe.Graph.Nodes.Count)!;
        return longest.Graph.Nodes.Count > Graph.Nodes.Count
            ? this with
            {
                Graph = longest.Graph,
                Probes = [longest, .. Probes.Where(probe => probe != longest)],
            }
            : null;
    }

    /// <summary>The first call after which the code takes another path for some input; the number of calls where there is none.</summary>
    public int FindFork() => Graphs.Min(other => SizeDependence.FindFork(Graph, other) ?? Graph.Nodes.Count);

    /// <summary>Ids of calls that do something else for some input.</summary>
    public IReadOnlySet<int> FindSizeDependent() => Graphs.SelectMany(other => SizeDependence.Find(Graph, other)).ToHashSet();
}
