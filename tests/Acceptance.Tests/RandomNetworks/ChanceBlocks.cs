using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>
/// Draws random numbers in evaluation mode. Noise that all channels share is the same in a smaller model; noise of one number a channel is
/// drawn, too, and takes no part in the result, so that results can be compared from outside.
/// </summary>
internal sealed class NoiseBlock : nn.Module<Tensor, Tensor>
{
    public const int Kinds = 6;
    private readonly int _kind;

    public NoiseBlock(int kind)
        : base($"{nameof(NoiseBlock)} {kind}")
    {
        _kind = kind;
        RegisterComponents();
    }

    /// <summary>Whether it draws a number for each channel.</summary>
    public bool IsByChannel => _kind is 2 or 5;

    public override Tensor forward(Tensor input)
    {
        (long n, long h, long w) = (input.shape[0], input.shape[2], input.shape[3]);
        return _kind switch
        {
            0 => input + (randn(n, 1, h, w, dtype: input.dtype) * 0.25),
            1 => input * (rand(n, 1, h, w, dtype: input.dtype) > 0.5).to(input.dtype),
            2 => input + (randn_like(input) * 0),
            3 => input * bernoulli(full([n, 1, 1, 1], 0.5, dtype: input.dtype)),
            4 => input + zeros(n, 1, h, w, dtype: input.dtype).normal_(0, 0.5),
            _ => input + (nn.functional.dropout(input.detach(), 0.5, training: true) * 0),
        };
    }
}
