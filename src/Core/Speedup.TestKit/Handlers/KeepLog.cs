using Speedup.Abstractions;

namespace Speedup.TestKit.Handlers;

/// <summary>What <c>Constrain</c> has kept in a plan.</summary>
internal sealed class KeepLog
{
    private readonly List<(AxisRef Axis, int Index, string Reason)> _kept = [];

    /// <summary>The indices that it has kept, with its reasons.</summary>
    public IReadOnlyList<(AxisRef Axis, int Index, string Reason)> Kept => _kept;

    /// <summary>Forgets all.</summary>
    public void Clear() => _kept.Clear();

    /// <summary>Adds one.</summary>
    public void Add(AxisRef axis, int index, string reason) => _kept.Add((axis, index, reason));
}
