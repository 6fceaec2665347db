namespace Speedup.Abstractions;

/// <summary>
/// An output each element of which is one known number: a tensor that is filled with it, or one that holds elements of an input in other places,
/// where that holds one number all over. It says nothing about axes.
/// </summary>
/// <param name="NumberOf">The number; NaN where it is not known.</param>
/// <param name="Position">Position of the output.</param>
public sealed record FilledOutput(Func<IOperator, double> NumberOf, int Position = 0) : AxisRule
{
    /// <summary>An output that holds elements of the first input.</summary>
    /// <param name="position">Position of the output.</param>
    public static FilledOutput LikeInput(int position = 0) => new(op => op.Input(0).FindConstant(), position);

    /// <summary>Each element is the number.</summary>
    public override void InferFromInput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        double number = NumberOf(op);
        if (!double.IsNaN(number))
            op.Output(Position).SetConstant(number);
    }

    /// <summary>Ties nothing.</summary>
    public override void Relate(IRelations relations) { }
}
