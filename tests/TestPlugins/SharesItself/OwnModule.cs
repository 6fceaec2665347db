using static TorchSharp.torch;

namespace SharesItself;

public sealed class OwnModule() : nn.Module<Tensor, Tensor>(nameof(OwnModule))
{
    public override Tensor forward(Tensor input) => input;
}
