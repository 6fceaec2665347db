using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Zoo;

/// <summary>
/// Gives a fresh model weights that a trained one could have: no statistic is 0 or 1, no bias is zero, and activations keep
/// their size through any depth.
/// </summary>
public static class RandomStatistics
{
    /// <summary>Fills all parameters and buffers in place. The same model and seed give the same numbers.</summary>
    public static void Apply(nn.Module model, long seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        foreach ((_, nn.Module module) in model.named_modules())
        foreach ((string name, Parameter parameter) in module.named_parameters(recurse: false))
            Fill(module, name, parameter, generator);
        foreach ((string name, Tensor buffer) in model.named_buffers())
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal))
                Normal(buffer, 0, 0.3, generator);
            else if (name.EndsWith("running_var", StringComparison.Ordinal))
                Uniform(buffer, 0.5, 1.5, generator);
        }
    }

    private static void Fill(nn.Module module, string name, Parameter parameter, Generator generator)
    {
        bool isNorm = module is not (Convolution or Linear or Embedding) && parameter.dim() == 1;
        if (parameter.dim() == 1 && name == "bias")
            Normal(parameter, 0, isNorm ? 0.3 : 0.1, generator);
        else if (isNorm || name == "layer_scale")
            Uniform(parameter, 0.6, 1.4, generator);
        else if (module is Convolution or Linear)
            Normal(parameter, 0, Math.Sqrt(Gain(module) / FanIn(module, parameter)), generator);
        else
            Normal(parameter, 0, module is Embedding ? 1 : 0.5, generator);
    }

    /// <summary>2 where a ReLU is likely to halve the variance.</summary>
    private static double Gain(nn.Module module) => module is Convolution ? 2 : 1.5;

    private static double FanIn(nn.Module module, Parameter weight)
    {
        long perOutput = weight.numel() / weight.shape[0];
        if (module is not (ConvTranspose1d or ConvTranspose2d or ConvTranspose3d))
            return perOutput;
        // A transposed convolution adds, in each place, one kernel row of every stride: about a quarter of the kernel at stride 2.
        long kernel = weight.numel() / (weight.shape[0] * weight.shape[1]);
        return weight.shape[0] * Math.Max(1, kernel / 4.0);
    }

    private static void Normal(Tensor target, double mean, double deviation, Generator generator) =>
        target.copy_(randn(target.shape, dtype: ScalarType.Float64, generator: generator) * deviation + mean);

    private static void Uniform(Tensor target, double low, double high, Generator generator) =>
        target.copy_(rand(target.shape, dtype: ScalarType.Float64, generator: generator) * (high - low) + low);
}
