using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>repeat</c>, <c>tile</c> and <c>repeat_interleave</c>.</summary>
internal sealed class RepeatFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("repeat", "tile", "repeat_interleave");

    /// <inheritdoc/>
    public override string? Limits => "`repeat_interleave` with a tensor of counts";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        if (call.Method.Name == "repeat_interleave")
        {
            call.Return(Interleave(call, graph, x));
            return;
        }
        List<OnnxNumber> counts = [.. call.Numbers("sizes", "reps", "dims", "repeats")];
        while (counts.Count < x.Rank)
            counts.Insert(0, 1);
        long[] added = [.. Enumerable.Range(0, counts.Count - x.Rank).Select(axis => (long)axis)];
        OnnxValue whole = added.Length == 0 ? x : graph.Unsqueeze(x, added);
        call.Return(graph.Add("Tile", [whole, graph.Numbers(counts)]));
    }

    /// <summary>A new axis of copies behind the repeated one, and both as one.</summary>
    private static OnnxValue Interleave(IOnnxCall call, IOnnxGraph graph, OnnxValue x)
    {
        if (call.Tensors.Count > 1)
            throw call.Refuse("is given the counts in a tensor");
        OnnxNumber count = call.Number("repeats");
        OnnxValue whole = x;
        int axis = 0;
        OnnxNumber[] shape = [-1];
        if (call.FindFixed("dim") is { } given)
        {
            axis = x.Axis(given);
            OnnxNumber[] lengths = [.. Enumerable.Range(0, x.Rank).Select(at => graph.Length(x, at))];
            shape = [.. lengths.Take(axis), graph.Product(lengths[axis], count), .. lengths.Skip(axis + 1)];
        }
        else
        {
            whole = graph.Reshape(x, -1);
        }
        OnnxNumber[] copies = [.. Enumerable.Range(0, shape.Length + 1).Select(at => at == axis + 1 ? count : 1)];
        OnnxValue repeated = graph.Add("Tile", [graph.Unsqueeze(whole, axis + 1), graph.Numbers(copies)]);
        return graph.Reshape(repeated, shape);
    }
}
