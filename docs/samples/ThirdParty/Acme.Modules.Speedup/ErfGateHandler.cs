using MathNet.Numerics;
using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Acme.Modules.Speedup;

/// <summary>Handles <see cref="ErfGate"/>: element by element, with one scale for each index of axis 1.</summary>
internal sealed partial class ErfGateHandler : ModuleHandler<ErfGate>
{
    private const int Channels = 1;
    private static readonly AxisRef Scale = AxisRef.OfParameter("scale", 0);

    public ErfGateHandler(ILogger<ErfGateHandler> logger) => Created(logger, typeof(SpecialFunctions).Assembly.GetName().Version);

    public override OperatorDescription Description => new("scale * erf(constant), channels only", "an index of any axis", "-");

    /// <summary>A channel whose scale is masked is zero, whatever enters it.</summary>
    public override void InferFromWeight(IOperator op)
    {
        double[] scales = ScalesOf(op);
        for (int c = 0; c < scales.Length; c++)
        {
            if (scales[c] != 0)
                continue;
            op.Output(0)[Channels].SetConstant(c, 0);
            op.Input(0)[Channels].SetUnused(c);
        }
    }

    public override void InferFromInput(IOperator op)
    {
        double[] scales = ScalesOf(op);
        AxisFacts input = op.Input(0)[Channels];
        for (int c = 0; c < scales.Length; c++)
        {
            if (input.IsConstant(c))
                op.Output(0)[Channels].SetConstant(c, scales[c] * SpecialFunctions.Erf(input.ConstantAt(c)));
        }
    }

    public override void InferFromOutput(IOperator op) => Elementwise.InferFromOutput(op);

    public override void Relate(IRelations relations)
    {
        Elementwise.Relate(relations);
        relations.Tie(Scale, AxisRef.OfOutput(0, Channels));
    }

    public override nn.Module Replace(IReplacement replacement)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor scale = replacement.FindParameter("scale")!.Masked();
        Tensor kept = tensor(replacement.Kept(Scale).ToArray(), device: scale.device);
        return new ErfGate(scale.index_select(0, kept).DetachFromDisposeScope());
    }

    private static double[] ScalesOf(IOperator op) => op.FindParameter("scale")!.MaskedEntries();

    [LoggerMessage(1, LogLevel.Information, "Acme's handler computes with MathNet.Numerics {Version}")]
    private static partial void Created(ILogger logger, Version? version);
}
