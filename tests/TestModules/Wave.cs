using static TorchSharp.torch;

namespace TestModules;

/// <summary>A module class of a user's that calls what has no ONNX operator.</summary>
public sealed class Wave() : nn.Module<Tensor, Tensor>(nameof(Wave))
{
    public override Tensor forward(Tensor input) => input.sinc();
}
