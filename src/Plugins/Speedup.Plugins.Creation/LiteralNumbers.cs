using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Creation;

/// <summary>The rule of a tensor whose numbers are written out: the call is made again to see what each index holds. None can go.</summary>
internal sealed record LiteralNumbers : AxisRule
{
    private const int MostNumbers = 1 << 16;

    public override void InferFromInput(IOperator op)
    {
        if (op.Output(0).Shape.Aggregate(1L, (product, length) => product * length) > MostNumbers)
            return;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor made = RecordedCall.Make(op);
        if (is_complex(made))
            return;
        Tensor values = made.to(ScalarType.Float64).cpu();
        if (values.dim() == 0)
            op.Output(0).SetConstant(values.data<double>()[0]);
        for (int axis = 0; axis < values.dim() && values.numel() > 0; axis++)
        {
            Tensor slices = values.movedim([axis], [0]).reshape(values.shape[axis], -1);
            Tensor low = slices.amin([1]);
            double[] constants = where(low.eq(slices.amax([1])), low, double.NaN).data<double>().ToArray();
            for (int i = 0; i < constants.Length; i++)
                op.Output(0)[axis].SetConstant(i, double.IsFinite(constants[i]) ? constants[i] : double.NaN);
        }
    }

    /// <summary>Ties nothing: as many as there are in the array there must be.</summary>
    public override void Relate(IRelations relations) { }
}
