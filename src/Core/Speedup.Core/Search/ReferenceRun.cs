using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Sizes;
using Speedup.Core.Tracing;
using Speedup.Core.Verification;

namespace Speedup.Core.Search;

/// <summary>What the masked model did.</summary>
internal sealed class ReferenceRun
{
    /// <summary>Paths that are looked at; the small model is verified on further ones, but what they read is not planned for.</summary>
    private const int MostPaths = 4;

    /// <summary>Describes passes of the masked model.</summary>
    /// <param name="checkInputs">Inputs and outputs, those of the example first.</param>
    /// <param name="tracer">Runs passes like those: of one call, or of several in a row.</param>
    /// <param name="changes">What a pass of one call has written.</param>
    public ReferenceRun(IReadOnlyList<CheckInput> checkInputs, Tracer tracer, StateChanges changes)
    {
        (Tracer, Changes) = (tracer, changes);
        Inputs = checkInputs;
        Sizes = new SizedGraph([.. checkInputs.Select(checkInput => checkInput.Graph).Where(graph => graph.Nodes.Count > 0)], MostPaths);
    }

    /// <summary>Runs passes like its own: of one call, or of several in a row.</summary>
    public Tracer Tracer { get; }

    /// <summary>What a pass of one call has written.</summary>
    public StateChanges Changes { get; }

    /// <summary>Its outputs on the example input and on others.</summary>
    public IReadOnlyList<CheckInput> Inputs { get; }

    /// <summary>Its calls at all sizes.</summary>
    public SizedGraph Sizes { get; }

    /// <summary>Its calls on the example input.</summary>
    public ModelGraph Graph => Inputs[0].Graph;
}
