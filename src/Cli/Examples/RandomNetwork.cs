using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples;

/// <summary>Gives a freshly created network statistics like those of a trained one.</summary>
internal static class RandomNetwork
{
    /// <summary>
    /// Draws scale, shift, mean and variance of every BatchNorm, in place. At their initial values (1, 0, 0, 1) a pruned channel
    /// is zero behind the BatchNorm, and the interesting part of a speedup, the constants, would not occur.
    /// </summary>
    public static void RandomizeBatchNormInPlace(nn.Module network, Generator generator)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (nn.Module module in network.modules())
        {
            if (module is not (BatchNorm2d or BatchNorm1d))
                continue;
            foreach (var (name, parameter) in module.named_parameters())
                Fill(parameter, name == "weight" ? (0.6, 1.4) : (-0.5, 0.5), generator);
            foreach (var (name, buffer) in module.named_buffers())
            {
                if (name is "running_mean" or "running_var")
                    Fill(buffer, name == "running_var" ? (0.5, 1.5) : (-0.5, 0.5), generator);
            }
        }
    }

    private static void Fill(Tensor target, (double Low, double High) range, Generator generator) =>
        target.copy_(rand(target.shape, generator: generator).mul(range.High - range.Low).add(range.Low));
}
