using Speedup.Abstractions;
using static TorchSharp.torch;

namespace SmallModels.Tests.Contract;

/// <summary>Handles gates; what it makes of them, and what it says of that, is the test's to choose.</summary>
internal sealed class GateHandler(Func<Gate, Tensor, nn.Module> create, Func<nn.Module, ModuleConstruction?>? describe = null)
    : RuleModuleHandler<Gate>
{
    private const int Channels = 1;
    private static readonly AxisRef Scale = AxisRef.OfParameter("scale", 0);

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [
            AlignedAxes.Of(Channels, Channels) with
            {
                OfConstant = (_, value) => value == 0 ? 0 : double.NaN,
            },
            .. AlignedAxes.AllBut(op, Channels, ConstantFunctions.Varying),
            new TiedAxes(Scale, AxisRef.OfOutput(0, Channels)),
        ];

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    public override ModuleConstruction? FindConstruction(nn.Module replacement) => describe?.Invoke(replacement);

    private nn.Module Build(IReplacement replacement)
    {
        using IDisposable noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor scale = replacement.FindParameter("scale")!.Masked();
        return create(ModuleOf(replacement), replacement.SelectKept(scale, 0, Scale).DetachFromDisposeScope());
    }
}
