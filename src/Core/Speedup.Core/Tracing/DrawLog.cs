using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// Keeps what the random functions of a pass have drawn, or puts into their results what those of another pass drew: a smaller tensor takes
/// fewer numbers from a generator, so that a masked and a small model that start from the same state meet other noise all the same.
/// </summary>
/// <param name="replay">Overwrites what was drawn; null to keep it.</param>
internal sealed class DrawLog(Action<DrawnCall>? replay)
{
    private readonly Tensor _anchor = empty(0); // of the dispose scope in which the pass began; the model may open others
    private readonly List<DrawnCall> _calls = [];

    /// <summary>What was drawn, if that is kept; it belongs to the dispose scope in which the pass began.</summary>
    public IReadOnlyList<DrawnCall> Calls => _calls;

    /// <summary>Notes a call of a function.</summary>
    /// <param name="node">Its node.</param>
    /// <param name="method">The function.</param>
    /// <param name="arguments">Its arguments, instance first.</param>
    /// <param name="inputs">The tensors among them.</param>
    /// <param name="outputs">Its results.</param>
    public void Note(int node, MethodInfo method, object?[] arguments, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs)
    {
        if (!RandomFunctions.Draws(method, arguments))
            return;
        bool overwrites = CallClassifier.IsMutating(method, arguments);
        if (overwrites && !RandomFunctions.Fillers.Contains(method.Name))
            outputs = []; // what it read is gone, and so what it drew cannot be told from it
        var call = new DrawnCall(node, overwrites, inputs, outputs, null);
        if (replay is null)
            _calls.Add(call with { Inputs = Copy(inputs), Outputs = Copy(outputs), Generator = ReadGenerator() });
        else
            replay(call);
    }

    private static byte[]? ReadGenerator()
    {
        using Tensor? state = GeneratorState.Read();
        return state?.bytes.ToArray();
    }

    private Tensor[] Copy(IReadOnlyList<Tensor> tensors) => [.. tensors.Select(Copy)];

    /// <summary>Not moved from scope to scope: where both are one, TorchSharp lets go of the tensor, and its finalizer ends the process.</summary>
    private Tensor Copy(Tensor tensor)
    {
        Tensor copy = tensor.detach().clone().DetachFromDisposeScope();
        TensorHandle.ScopeOf(_anchor)?.Attach(copy);
        return copy;
    }
}
