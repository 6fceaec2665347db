using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic;

/// <summary>
/// Handles functions of several tensors and numbers that work element by element, with broadcasting; see <see cref="BroadcastRule"/>.
/// </summary>
/// <param name="names">Names without the underscore of in-place forms.</param>
internal abstract class BroadcastHandler(params string[] names) : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions { get; } =
    [
        .. new[] { typeof(Tensor), typeof(TorchSharp.torch) }.SelectMany(type =>
            ExistingKeysOf(type, names.SelectMany(name => new[] { name, name + "_" }))
        ),
    ];

    public override OperatorDescription Description =>
        new(
            "the result of constants, broadcast or not",
            "an index of any axis, in all operands",
            "everything where an operand is neither tensor nor number"
        );

    /// <summary>The operands of a recorded call; null where one of them is neither a traced tensor nor a number.</summary>
    protected abstract IReadOnlyList<Operand>? FindOperands(IOperator op);

    /// <summary>The function; an operand that varies is NaN, and so is a result that varies.</summary>
    protected abstract double Compute(IOperator op, IReadOnlyList<double> values);

    /// <summary>Whether the constants of the other operands make one count for nothing.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="operand">Position of the operand.</param>
    /// <param name="values">The constants at one index, NaN where an operand varies.</param>
    protected virtual bool IsAbsorbed(IOperator op, int operand, IReadOnlyList<double> values) => false;

    protected sealed override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        FindOperands(op) is { } operands
            ?
            [
                new BroadcastRule(operands, values => Compute(op, values))
                {
                    IsAbsorbed = (operand, values) => IsAbsorbed(op, operand, values),
                },
            ]
            : [];
}
