using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>What re-emitted code reports to while no trace runs, as a delegate that outlives its trace: it runs as it was written.</summary>
internal sealed class NoTrace : ITraceHooks
{
    private NoTrace() { }

    /// <summary>The only one; it has no state.</summary>
    public static NoTrace Instance { get; } = new();

    /// <inheritdoc/>
    public bool TryTraceInto(object module, MethodInfo method, object?[] arguments, out object? result)
    {
        result = null;
        return false;
    }

    /// <inheritdoc/>
    public void RecordModule(object module, MethodInfo method, object?[] arguments, object? result) { }

    /// <inheritdoc/>
    public object? RecordFunction(MethodInfo method, object?[] arguments, object? result) => result;

    /// <inheritdoc/>
    public Tensor? Rescue(MethodInfo method, object?[] arguments, Exception failure) => null;

    /// <inheritdoc/>
    public OutcomeLog Outcomes => new();

    /// <inheritdoc/>
    public bool IsOfModel(Tensor tensor) => false;

    /// <inheritdoc/>
    public MethodInfo? FindHelper(MethodInfo method, object? target) => null;

    /// <inheritdoc/>
    public Delegate? FindDelegate(Delegate original) => null;

    /// <inheritdoc/>
    public void ThrowIfCancelled() { }

    /// <inheritdoc/>
    public void NoteOwnThread() { }

    /// <inheritdoc/>
    public bool TakeFailure(Exception failure) => false;
}
