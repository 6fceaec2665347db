using Speedup.Abstractions;
using TorchSharp.Modules;

namespace AlphaConv;

/// <summary>Conv2d is claimed by AlphaConv and BetaConv; the other type is its own.</summary>
internal sealed class AlphaConvHandler : ModuleHandler<Conv2d>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(Conv2d), typeof(BatchNorm2d)];

    public override void Relate(IRelations relations) { }
}
