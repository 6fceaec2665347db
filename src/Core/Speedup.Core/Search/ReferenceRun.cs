using Speedup.Core.Graph;
using Speedup.Core.Sizes;
using Speedup.Core.Verification;

namespace Speedup.Core.Search;

/// <summary>What the masked model did.</summary>
internal sealed class ReferenceRun
{
    /// <summary>Paths that are looked at; the small model is verified on further ones, but what they read is not planned for.</summary>
    private const int MostPaths = 4;

    /// <summary>Describes passes of the masked model.</summary>
    /// <param name="probes">Inputs and outputs, those of the example first.</param>
    public ReferenceRun(IReadOnlyList<ProbeInput> probes)
    {
        Probes = probes;
        Sizes = new SizedGraph([.. probes.Select(probe => probe.Graph).Where(graph => graph.Nodes.Count > 0)], MostPaths);
    }

    /// <summary>Its outputs on the example input and on others.</summary>
    public IReadOnlyList<ProbeInput> Probes { get; }

    /// <summary>Its calls at all sizes.</summary>
    public SizedGraph Sizes { get; }

    /// <summary>Its calls on the example input.</summary>
    public ModelGraph Graph => Probes[0].Graph;
}
