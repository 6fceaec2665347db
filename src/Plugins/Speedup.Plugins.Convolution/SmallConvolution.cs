using TorchSharp.Modules;
using static TorchSharp.torch;
using ConvolutionModule = TorchSharp.Modules.Convolution;

namespace Speedup.Plugins.Convolution;

/// <summary>Builds a convolution like another one around given parameters.</summary>
internal static class SmallConvolution
{
    /// <summary>Builds one around other parameters; null with groups, whose number code may pass on by itself.</summary>
    public static Func<IReadOnlyDictionary<string, Tensor>, nn.Module>? FindBuilder(nn.Module original) =>
        original is ConvolutionModule { groups: 1 } convolution
            ? parameters => Create(convolution, parameters["weight"], parameters.GetValueOrDefault("bias"), 1)
            : null;

    /// <summary>Takes the tensors over.</summary>
    public static ConvolutionModule Create(ConvolutionModule original, Tensor weight, Tensor? bias, int groups)
    {
        long perGroup = weight.shape[1];
        long input = original.transposed ? weight.shape[0] : perGroup * groups;
        long output = original.transposed ? perGroup * groups : weight.shape[0];
        ConvolutionModule small = CreateEmpty(original, input, output);
        small.kernel_size = [.. original.kernel_size];
        small.stride = [.. original.stride];
        small.dilation = [.. original.dilation];
        small.output_padding = [.. original.output_padding];
        small.padding_mode = original.padding_mode;
        small.groups = groups;
        if (original.padding_type is { } type) // last: it reads kernel, stride and dilation
            small.SetPadding(type);
        else
            small.SetPadding([.. original.padding!]);
        small.weight = nn.Parameter(weight);
        if (bias is not null)
            small.bias = nn.Parameter(bias);
        return small;
    }

    /// <summary>
    /// The constructor fills the weight with random numbers: a 1x1 weight without storage spares the time. Only the channel
    /// counts cannot be set later.
    /// </summary>
    private static ConvolutionModule CreateEmpty(ConvolutionModule original, long input, long output) =>
        original switch
        {
            Conv1d => nn.Conv1d(input, output, 1, bias: false, device: META),
            Conv2d => nn.Conv2d(input, output, 1, bias: false, device: META),
            Conv3d => nn.Conv3d(input, output, 1, bias: false, device: META),
            ConvTranspose1d => nn.ConvTranspose1d(input, output, 1, bias: false, device: META),
            ConvTranspose2d => nn.ConvTranspose2d(input, output, 1, bias: false, device: META),
            ConvTranspose3d => nn.ConvTranspose3d(input, output, 1, bias: false, device: META),
            _ => throw new NotSupportedException($"{original.GetType()} is not a convolution that this plugin knows."),
        };
}
