using Speedup.Abstractions;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles true division; a rounding one keeps no constants, since rounding errors decide next to a step.</summary>
internal sealed class DivideHandler() : BinaryHandler("op_Division", "div", "divide", "true_divide")
{
    public override OperatorDescription Description => base.Description with { Input = base.Description.Input + ", unless it is rounded" };

    protected override double Compute(IOperator op, double left, double right) =>
        op.FindArgument("rounding_mode") is null or TorchSharp.torch.RoundingMode.None ? left / right : double.NaN;
}
