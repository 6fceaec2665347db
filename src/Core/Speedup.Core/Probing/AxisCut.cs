using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>Indices of related axes that are cut together.</summary>
internal sealed class AxisCut(IReadOnlyList<IndexRelation> component)
{
    private readonly Dictionary<(int Input, int Axis), bool[]> _inputs = component
        .DistinctBy(relation => (relation.Input, relation.InputAxis))
        .ToDictionary(relation => (relation.Input, relation.InputAxis), relation => new bool[relation.Map.Length]);

    private readonly Dictionary<(int Output, int Axis), HashSet<int>> _outputs = component
        .DistinctBy(relation => (relation.Output, relation.OutputAxis))
        .ToDictionary(relation => (relation.Output, relation.OutputAxis), _ => new HashSet<int>());

    /// <summary>Removes an index of a relation's input.</summary>
    public void Remove(IndexRelation relation, int index) => _inputs[(relation.Input, relation.InputAxis)][index] = true;

    /// <summary>Removes all that goes with what is removed; false where nothing of an axis is left.</summary>
    public bool TryClose()
    {
        bool changed;
        do
        {
            changed = false;
            foreach (IndexRelation relation in component)
            {
                bool[] inputs = _inputs[(relation.Input, relation.InputAxis)];
                HashSet<int> outputs = _outputs[(relation.Output, relation.OutputAxis)];
                for (int i = 0; i < inputs.Length; i++)
                {
                    if (inputs[i])
                        changed |= outputs.Add(relation.Map[i]);
                    else if (outputs.Contains(relation.Map[i]))
                        changed = inputs[i] = true;
                }
            }
        } while (changed);
        return _inputs.Values.All(removed => removed.Contains(false));
    }

    /// <summary>An input without what is removed.</summary>
    public Tensor OfInput(Tensor tensor, int input)
    {
        foreach (((int Input, int Axis) key, bool[] removed) in _inputs.Where(entry => entry.Key.Input == input))
            tensor = ProbeTensors.Without(tensor, key.Axis, removed);
        return tensor;
    }

    /// <summary>An output without what is removed.</summary>
    public Tensor OfOutput(Tensor tensor, int output)
    {
        foreach (((int Output, int Axis) key, HashSet<int> removed) in _outputs.Where(entry => entry.Key.Output == output))
            tensor = ProbeTensors.Without(tensor, key.Axis, [.. Enumerable.Range(0, (int)tensor.shape[key.Axis]).Select(removed.Contains)]);
        return tensor;
    }
}
