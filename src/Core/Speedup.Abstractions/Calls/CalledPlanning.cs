namespace Speedup.Abstractions;

/// <summary>The plan around a module that calls a function, as the function's handler sees it.</summary>
internal sealed class CalledPlanning(IPlanning module, FunctionCall call) : CalledOperator(module, call), IPlanning
{
    public bool IsRemoved(AxisRef axis, int index) => module.IsRemoved(axis, index);

    public void Keep(AxisRef axis, int index, KeepCause cause, string reason) => module.Keep(axis, index, cause, reason);

    public void Note(AxisRef axis, int index, KeepCause cause, string reason) => module.Note(axis, index, cause, reason);
}
