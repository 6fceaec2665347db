using System.Globalization;
using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Arithmetic;

/// <summary>One side of a binary operation: a traced tensor or a number.</summary>
/// <param name="Position">Position among the inputs; -1 for a number.</param>
/// <param name="Number">The number.</param>
internal readonly record struct Operand(int Position, double Number)
{
    /// <summary>Whether it is a tensor.</summary>
    public bool IsTensor => Position >= 0;

    /// <summary>
    /// The two sides of a recorded call: the instance, then the parameters in order. Null where one of them is neither a traced
    /// tensor nor a number.
    /// </summary>
    public static (Operand Left, Operand Right)? FindPair(IOperator op)
    {
        IEnumerable<string> parameters = op.Method!.GetParameters().Select(parameter => parameter.Name!);
        string[] names = [.. (op.Method.IsStatic ? parameters : parameters.Prepend("this")).Take(2)];
        return Find(op, names[0]) is { } left && Find(op, names[1]) is { } right ? (left, right) : null;
    }

    /// <summary>The axis of this tensor that an axis of the output runs along index by index; null where it is broadcast.</summary>
    public AxisRef? FindAxis(IOperator op, int outputAxis)
    {
        if (!IsTensor)
            return null;
        TensorFacts facts = op.Input(Position);
        int axis = outputAxis - (op.Output(0).Rank - facts.Rank);
        return axis >= 0 && facts.Shape[axis] == op.Output(0).Shape[outputAxis] ? AxisRef.OfInput(Position, axis) : null;
    }

    /// <summary>The number that it is, or that each of its elements is; NaN where they vary.</summary>
    public double Constant(IOperator op) => IsTensor ? op.Input(Position).FindConstant() : Number;

    /// <summary>The constant that this side contributes to each index of an axis of the output, NaN where it varies.</summary>
    public double[] Constants(IOperator op, int outputAxis)
    {
        var values = new double[op.Output(0).Shape[outputAxis]];
        if (FindAxis(op, outputAxis) is { } axis)
        {
            AxisFacts facts = op.Facts(axis);
            for (int i = 0; i < values.Length; i++)
                values[i] = facts.IsConstant(i) ? facts.ConstantAt(i) : double.NaN;
        }
        else
        {
            Array.Fill(values, Constant(op));
        }
        return values;
    }

    /// <summary>The operand that a parameter is; null where it is neither a traced tensor nor a number.</summary>
    public static Operand? Find(IOperator op, string name) =>
        op.FindArgument(name) switch
        {
            InputRef input => new Operand(input.Position, double.NaN),
            Scalar scalar => new Operand(-1, scalar.ToDouble()),
            IConvertible number => new Operand(-1, number.ToDouble(CultureInfo.InvariantCulture)),
            _ => null,
        };
}
