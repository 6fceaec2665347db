using MathNet.Numerics;
using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Acme.Modules.Speedup;

/// <summary>Handles <see cref="ErfGate"/>: element by element, with one scale for each index of axis 1.</summary>
internal sealed partial class ErfGateHandler : RuleModuleHandler<ErfGate>
{
    private const int Channels = 1;
    private static readonly AxisRef Scale = AxisRef.OfParameter("scale", 0);

    public ErfGateHandler(ILogger<ErfGateHandler> logger) => Created(logger, typeof(SpecialFunctions).Assembly.GetName().Version);

    public override OperatorDescription Description => new("scale * erf(constant), channels only", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        double[] scales = op.FindParameter("scale")!.MaskedEntries();
        return
        [
            new ZeroScales(),
            AlignedAxes.Of(Channels, Channels) with
            {
                OfConstant = (channel, value) => scales[channel] * SpecialFunctions.Erf(value),
            },
            .. AlignedAxes.AllBut(op, Channels, ConstantFunctions.Varying), // an index of another axis meets all the scales
            new TiedAxes(Scale, AxisRef.OfOutput(0, Channels)),
        ];
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private static ErfGate Build(IReplacement replacement)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor scale = replacement.FindParameter("scale")!.Masked();
        return new ErfGate(replacement.SelectKept(scale, 0, Scale).DetachFromDisposeScope());
    }

    [LoggerMessage(1, LogLevel.Information, "Acme's handler computes with MathNet.Numerics {Version}")]
    private static partial void Created(ILogger logger, Version? version);
}
