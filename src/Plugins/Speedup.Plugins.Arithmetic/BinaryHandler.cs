using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles functions of two tensors, or a tensor and a number, that work element by element.</summary>
/// <param name="names">Names without the underscore of in-place forms.</param>
internal abstract class BinaryHandler(params string[] names) : BroadcastHandler(names)
{
    public override OperatorDescription Description =>
        new(
            "the result of two constants, broadcast or not",
            "an index of any axis, in both operands",
            "everything where an operand is neither tensor nor number"
        );

    /// <summary>The function; an operand that varies is NaN, and so is a result that varies.</summary>
    protected abstract double Compute(IOperator op, double left, double right);

    /// <summary>Whether a constant on one side makes the other side count for nothing.</summary>
    protected virtual bool Absorbs(double constant) => false;

    protected sealed override IReadOnlyList<Operand>? FindOperands(IOperator op) =>
        Operand.FindPair(op) is var (left, right) ? [left, right] : null;

    protected sealed override double Compute(IOperator op, IReadOnlyList<double> values) => Compute(op, values[0], values[1]);

    protected sealed override bool IsAbsorbed(IOperator op, int operand, IReadOnlyList<double> values) => Absorbs(values[1 - operand]);
}
