using Speedup.Abstractions;
using static TorchSharp.torch.nn;

namespace BetaConv;

/// <summary>conv2d is claimed by AlphaConv and BetaConv; the other function is its own.</summary>
internal sealed class BetaConvFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions { get; } = [.. KeysOf(typeof(functional), "conv2d", "tanh")];

    public override void Relate(IRelations relations) { }
}
