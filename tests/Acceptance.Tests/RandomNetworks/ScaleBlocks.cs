using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>A function of two tensors, or with a threshold, that does something else where its input is large, negative or zero.</summary>
internal sealed class ThresholdBlock : nn.Module<Tensor, Tensor>
{
    public const int Kinds = 12;
    private readonly Conv2d conv;
    private readonly int _kind;

    public ThresholdBlock(int channels, int kind)
        : base($"{nameof(ThresholdBlock)} {kind}")
    {
        _kind = kind;
        conv = nn.Conv2d(channels, channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = conv.forward(input);
        Tensor first = x.narrow(1, 0, 1);
        return _kind switch
        {
            0 => fmax(x, first),
            1 => fmin(x, first),
            2 => x.max(first),
            3 => maximum(x, first * 0.5),
            4 => minimum(x, first),
            5 => logaddexp(x, first),
            6 => x.renorm(2, 0, 50),
            7 => x.clamp(-20, 20),
            8 => where(x > 15, x * 0.5, x),
            9 => nn.functional.threshold(x, 5, 5),
            10 => nn.functional.hardtanh(x, -30, 30),
            _ => x * (x.abs() < 25).to(x.dtype) + first.relu(),
        };
    }
}
