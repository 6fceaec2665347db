using Speedup.Abstractions;
using static TorchSharp.torch.nn;

namespace Good;

internal sealed class GoodFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions { get; } = [.. KeysOf(typeof(functional), "relu", "gelu")];

    public override void Relate(IRelations relations) { }
}
