using Speedup.Abstractions;
using TorchSharp.Modules;

namespace BetaConv;

/// <summary>Conv2d is claimed by AlphaConv and BetaConv; the other type is its own.</summary>
internal sealed class BetaConvHandler : ModuleHandler<Conv2d>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(Conv2d), typeof(Dropout)];

    public override void Relate(IRelations relations) { }
}
