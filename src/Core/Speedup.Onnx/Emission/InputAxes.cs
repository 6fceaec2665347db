using Speedup.Core.Verification;
using static TorchSharp.torch;

namespace Speedup.Onnx.Emission;

/// <summary>Names of the axes of a model's inputs, and which of them may have another length.</summary>
internal sealed class InputAxes
{
    private readonly string[][] _kinds;
    private readonly Func<string, bool> _mayVary;

    /// <summary>Names them.</summary>
    /// <param name="example">The example inputs.</param>
    /// <param name="mayVary">Whether axes of a kind may vary.</param>
    public InputAxes(IReadOnlyList<Tensor> example, Func<string, bool> mayVary)
    {
        _kinds = [.. example.Select(KindsOf)];
        _mayVary = mayVary;
    }

    /// <summary>The kinds of all axes, each once.</summary>
    public IEnumerable<string> Kinds => _kinds.SelectMany(kinds => kinds).Distinct();

    /// <summary>Whether an axis may have another length.</summary>
    public bool MayVary(int input, int axis) => _mayVary(_kinds[input][axis]);

    /// <summary>
    /// The name of each length that differs between passes, by the lengths in all passes. Axes whose lengths are always the same share a name.
    /// </summary>
    /// <param name="passes">The inputs of the passes.</param>
    /// <param name="inputs">Names of the inputs.</param>
    public Dictionary<string, string> NamesOf(IReadOnlyList<CheckInput> passes, IReadOnlyList<string> inputs)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int input = 0; input < _kinds.Length; input++)
        for (int axis = 0; axis < _kinds[input].Length; axis++)
        {
            string key = KeyOf([.. passes.Select(pass => pass.Tensors[input].shape[axis])]);
            string kind = _kinds[input][axis];
            if (!names.ContainsKey(key))
                names[key] = names.ContainsValue(kind) ? $"{inputs[input]}_{kind}" : kind;
        }
        return names;
    }

    /// <summary>What tells one variation of a length from another.</summary>
    public static string KeyOf(IReadOnlyList<long> lengths) => string.Join(' ', lengths);

    private static string[] KindsOf(Tensor tensor)
    {
        string[] inner = (tensor.dim(), tensor.is_floating_point()) switch
        {
            (3, true) => ["sequence", "length"],
            (4, _) => ["channels", "height", "width"],
            (5, _) => ["channels", "depth", "height", "width"],
            (2, false) => ["sequence"],
            _ => [],
        };
        return
        [
            .. Enumerable
                .Range(0, (int)tensor.dim())
                .Select(axis => axis == 0 ? "batch" : inner.ElementAtOrDefault(axis - 1) ?? $"axis{axis}"),
        ];
    }
}
