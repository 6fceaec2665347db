using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles functions of three numbers at each place: <c>lerp</c>, <c>addcmul</c>, <c>addcdiv</c>, <c>clamp</c>.</summary>
internal sealed class BlendHandler() : BroadcastHandler("lerp", "addcmul", "addcdiv", "clamp", "clip")
{
    public override OperatorDescription Description =>
        base.Description! with
        {
            Output = base.Description!.Output + "; a factor of zero's other factor",
        };

    protected override IReadOnlyList<Operand>? FindOperands(IOperator op)
    {
        string first = op.Method!.IsStatic ? "input" : "this";
        Operand?[] operands = NameOf(op) switch
        {
            "lerp" => [Operand.Find(op, first), Operand.Find(op, "end"), Operand.Find(op, "weight")],
            "clamp" or "clip" => [Operand.Find(op, first), Bound(op, "min", -1), Bound(op, "max", 1)],
            _ => [Operand.Find(op, first), Operand.Find(op, "tensor1"), Operand.Find(op, "tensor2")],
        };
        return Array.TrueForAll(operands, operand => operand is not null) ? [.. operands.Select(operand => operand!.Value)] : null;
    }

    protected override double Compute(IOperator op, IReadOnlyList<double> values) =>
        NameOf(op) switch
        {
            "lerp" => values[0].Equals(values[1]) ? values[0] : values[0] + (values[2] * (values[1] - values[0])),
            "addcmul" => values[0] + (values[1] == 0 || values[2] == 0 ? 0 : Factor(op) * values[1] * values[2]),
            "addcdiv" => values[0] + (Factor(op) * values[1] / values[2]),
            _ => Math.Min(Math.Max(values[0], values[1]), values[2]),
        };

    /// <summary>Zero times anything is zero.</summary>
    protected override bool IsAbsorbed(IOperator op, int operand, IReadOnlyList<double> values) =>
        NameOf(op) == "addcmul" && operand > 0 && values[3 - operand] == 0;

    private static string NameOf(IOperator op) => op.Method!.Name.TrimEnd('_');

    /// <summary>A bound that is not given bounds nothing.</summary>
    private static Operand? Bound(IOperator op, string name, int side) =>
        op.FindArgument(name) is null ? new Operand(-1, side * double.PositiveInfinity) : Operand.Find(op, name);

    private static double Factor(IOperator op) => op.FindArgument("value") is Scalar value ? value.ToDouble() : 1;
}
