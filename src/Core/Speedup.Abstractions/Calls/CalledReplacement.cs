namespace Speedup.Abstractions;

/// <summary>What is left around a module that calls a function, as the function's handler sees it.</summary>
internal sealed class CalledReplacement(IReplacement module, FunctionCall call) : CalledOperator(module, call), IReplacement
{
    public IReadOnlyList<int> Kept(AxisRef axis) => module.Kept(axis);

    public double FoldedConstant(AxisRef axis, int index) => module.FoldedConstant(axis, index);
}
