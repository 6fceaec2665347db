namespace Speedup.Abstractions;

/// <summary>Relations of a module that calls a function, as the function's handler states them.</summary>
internal sealed class CalledRelations(IRelations module, FunctionCall call) : CalledOperator(module, call), IRelations
{
    public void Tie(AxisRef first, AxisRef second) => module.Tie(first, second);

    public void Tie(AxisRef first, int firstIndex, AxisRef second, int secondIndex) => module.Tie(first, firstIndex, second, secondIndex);

    public void Release(AxisRef axis) => module.Release(axis);

    public void Balance(AxisRef axis, int blocks, AxisRef? within = null) => module.Balance(axis, blocks, within);
}
