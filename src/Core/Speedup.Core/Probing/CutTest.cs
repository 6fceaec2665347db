using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>
/// Tells along which relations indices can be removed: those where the function of the cut inputs is the cut output. A gradient alone does
/// not say so (a roll along the channels takes every channel to one channel, but to another one once some are gone).
/// </summary>
internal sealed class CutTest(RepeatableCall call, Generator generator)
{
    /// <summary>The relations along which indices can go.</summary>
    public IReadOnlyList<IndexRelation> Filter(IReadOnlyList<IndexRelation> relations)
    {
        using var _ = no_grad();
        return [.. Components(relations).Where(CanCut).SelectMany(component => component)];
    }

    /// <summary>The relations along which some indices can go, of numbers around one: a second look at relations that were found on smaller tensors.</summary>
    public IReadOnlyList<IndexRelation> Confirm(IReadOnlyList<IndexRelation> relations)
    {
        using var _ = no_grad();
        return
        [
            .. Components(relations)
                .Where(component => CutsAt(component, ProbeRange.Normal, single: false))
                .SelectMany(component => component),
        ];
    }

    /// <summary>Whether indices can go along relations, all of them together.</summary>
    public bool Accepts(IReadOnlyList<IndexRelation> relations)
    {
        using var _ = no_grad();
        return Components(relations).TrueForAll(CanCut);
    }

    private static List<List<IndexRelation>> Components(IReadOnlyList<IndexRelation> relations)
    {
        var components = new List<List<IndexRelation>>();
        foreach (IndexRelation relation in relations)
        {
            List<IndexRelation>[] touched = [.. components.Where(component => component.Any(other => AreLinked(relation, other)))];
            components.RemoveAll(component => touched.Contains(component));
            components.Add([relation, .. touched.SelectMany(component => component)]);
        }
        return components;
    }

    private static bool AreLinked(IndexRelation first, IndexRelation second) =>
        (first.Input, first.InputAxis) == (second.Input, second.InputAxis)
        || (first.Output, first.OutputAxis) == (second.Output, second.OutputAxis);

    private bool CanCut(List<IndexRelation> component)
    {
        // Zeros are left to the constants: where all is equal, whatever looks for the largest finds any.
        return CutsAt(component, ProbeRange.Normal, single: true)
            && call.Ranges.Where(range => range != ProbeRange.Zero).All(range => CutsAt(component, range, single: false));
    }

    private bool CutsAt(List<IndexRelation> component, ProbeRange range, bool single)
    {
        using var scope = NewDisposeScope();
        return DrawCut(component, single) is { } removed && Commutes(removed, range);
    }

    private bool Commutes(AxisCut removed, ProbeRange range)
    {
        Tensor[] inputs = call.Draw(range, generator);
        Tensor[] whole = call.Run(inputs);
        Tensor[] cut;
        try
        {
            cut = call.Run([.. inputs.Select((tensor, input) => removed.OfInput(tensor, input))]);
        }
        catch (Exception refusal) when (refusal is not OperationCanceledException)
        {
            return false; // a size is fixed by an argument
        }
        double size = ProbeTensors.SizeOf(inputs);
        return cut.Length == whole.Length
            && Enumerable
                .Range(0, cut.Length)
                .All(output => ProbeTensors.AreClose(removed.OfOutput(whole[output], output), cut[output], size));
    }

    /// <summary>Draws indices and adds what goes with them; null where that is a whole axis.</summary>
    private AxisCut? DrawCut(List<IndexRelation> component, bool single)
    {
        int length = component[0].Map.Length;
        double[] draw = rand(length, ScalarType.Float64, generator: generator).data<double>().ToArray();
        int chosen = Math.Min(length - 1, (int)(draw[0] * length));
        var removed = new AxisCut(component);
        for (int i = 0; i < length; i++)
        {
            if (single ? i == chosen : draw[i] < 0.3)
                removed.Remove(component[0], i);
        }
        if (removed.TryClose())
            return removed;
        return single ? null : DrawCut(component, single: true);
    }
}
