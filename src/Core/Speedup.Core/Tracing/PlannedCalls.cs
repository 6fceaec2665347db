using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// What the calls of a traced pass are to yield, in order. Where one yields another shape, or fails, a tensor of the planned shape takes its
/// place, so that one pass shows all places in which sizes are written into the source, and not the first only.
/// </summary>
internal sealed class PlannedCalls(IReadOnlyList<PlannedCall> calls)
{
    private int _next;
    private bool _isLost;

    /// <summary>Calls that yielded something else, by number of the call, with what happened.</summary>
    public Dictionary<int, string> Repairs { get; } = [];

    /// <summary>Goes on to the next call.</summary>
    public void Advance() => _next++;

    /// <summary>What takes the place of a result that has another shape than planned; null where the result is fine, or nothing is known of it.</summary>
    public Tensor? Repair(MethodInfo method, Tensor result)
    {
        if (Find(method) is not { } planned || planned.Shape.SequenceEqual(result.shape))
            return null;
        Repairs[_next] = $"yields [{string.Join(", ", result.shape)}] where [{string.Join(", ", planned.Shape)}] is needed";
        return zeros([.. planned.Shape], planned.DType, result.device);
    }

    /// <summary>What takes the place of the result of a call that failed; null where nothing is known of it.</summary>
    public Tensor? Repair(MethodInfo method, Exception failure, Device? device)
    {
        if (Find(method) is not { } planned)
            return null;
        Repairs[_next] = $"fails: {failure.Message.Split('\n')[0]}";
        return zeros([.. planned.Shape], planned.DType, device);
    }

    private PlannedCall? Find(MethodInfo method)
    {
        PlannedCall? planned = _isLost ? null : calls.ElementAtOrDefault(_next);
        _isLost |= planned is null || (planned.Method is not null && planned.Method != method);
        return _isLost || planned!.Method is null ? null : planned;
    }
}
