using System.Collections;
using System.Reflection;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Creation;

/// <summary>
/// Handles tensors of numbers that are written out: <c>tensor(0.5f)</c>, <c>tensor([1, 2])</c>, a number that becomes a tensor by itself. As many
/// as there are in the array there must be, so that no index can go; what each holds is known.
/// </summary>
internal sealed class LiteralHandler : FunctionHandler
{
    private const int MostNumbers = 1 << 16;

    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(TorchSharp.torch), "tensor", "as_tensor", "from_array"), .. KeysOf(typeof(Tensor), "op_Implicit")];

    public override OperatorDescription Description => new("the number, or each of one axis", "-", "all of an array");

    public override void InferFromInput(IOperator op)
    {
        bool isLiteral = op.InputCount == 0 && Array.TrueForAll(op.Method!.GetParameters(), parameter => IsKnown(op, parameter));
        if (!isLiteral || op.Output(0).Shape.Aggregate(1L, (product, length) => product * length) > MostNumbers)
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

    public override void Relate(IRelations relations) { }

    /// <summary>A list may hold other numbers by now than when the call was made; arrays are recorded as they were.</summary>
    private static bool IsKnown(IOperator op, ParameterInfo parameter) =>
        !parameter.ParameterType.IsByRefLike && op.FindArgument(parameter.Name!) is null or string or Array or not IEnumerable;
}
