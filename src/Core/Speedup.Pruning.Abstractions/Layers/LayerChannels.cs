using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Where the channels that a layer puts out lie in its parameters.</summary>
public static class LayerChannels
{
    private const string Weight = "weight";
    private const string Bias = "bias";

    /// <summary>Counts the channels that a layer puts out.</summary>
    /// <param name="layer">A module with a parameter <c>weight</c>.</param>
    /// <returns>The number; null where there is no such parameter.</returns>
    public static int? CountOf(nn.Module layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (FindParameter(layer, Weight) is not { } weight || weight.dim() == 0)
            return null;
        return layer is ConvolutionTranspose transposed ? (int)(weight.shape[1] * transposed.groups) : (int)weight.shape[0];
    }

    /// <summary>The axis of <c>weight</c> on which the channels lie; null for a transposed convolution with groups, where no axis has them all.</summary>
    /// <param name="layer">A module with a parameter <c>weight</c>.</param>
    public static int? AxisOf(nn.Module layer) =>
        layer is not ConvolutionTranspose transposed ? 0
        : transposed.groups == 1 ? 1
        : null;

    /// <summary>The weights of each channel.</summary>
    /// <param name="layer">A module with a parameter <c>weight</c>.</param>
    /// <param name="values">A tensor of the weight's shape, such as the weight or its gradient; not changed.</param>
    /// <returns>A tensor <c>[channels, entries]</c>; a view where that is possible.</returns>
    public static Tensor ByChannel(nn.Module layer, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(values);
        if (layer is not ConvolutionTranspose transposed)
            return values.reshape(values.shape[0], -1);
        using var scope = NewDisposeScope();
        long groups = transposed.groups; // [in, out / groups, kernel...] to [groups, out / groups, in / groups, kernel...]
        Tensor blocks = values.reshape([groups, values.shape[0] / groups, .. values.shape[1..]]).transpose(1, 2);
        return blocks.reshape(groups * values.shape[1], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The weights of each channel, in float64.</summary>
    /// <param name="layer">A module with a parameter <c>weight</c>.</param>
    /// <returns>A new tensor <c>[channels, entries]</c> on the CPU, without gradient; it belongs to the caller.</returns>
    public static Tensor Filters(nn.Module layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor weight = FindParameter(layer, Weight) ?? throw new ArgumentException("The layer has no weight.", nameof(layer));
        return ByChannel(layer, weight.detach()).to(ScalarType.Float64).cpu().clone().MoveToOuterDisposeScope();
    }

    /// <summary>A mask of the layer's weight, and of its bias where it has one.</summary>
    /// <param name="layer">A module with a parameter <c>weight</c>.</param>
    /// <param name="gone">The channels that go.</param>
    /// <returns>Parameters by name, each with a new 0/1 mask of its shape in float32; they belong to the caller.</returns>
    public static IReadOnlyList<(string Parameter, Tensor Mask)> MasksOf(nn.Module layer, IEnumerable<int> gone)
    {
        ArgumentNullException.ThrowIfNull(layer);
        using var noGradient = no_grad();
        Tensor weight = FindParameter(layer, Weight) ?? throw new ArgumentException("The layer has no weight.", nameof(layer));
        bool[] kept = [.. Enumerable.Repeat(true, CountOf(layer)!.Value)];
        foreach (int channel in gone)
            kept[channel] = false;
        using Tensor flags = tensor(kept).to(ScalarType.Float32).to(weight.device, disposeAfter: true);
        var masks = new List<(string, Tensor)> { (Weight, OfWeight(layer, weight, flags)) };
        if (FindParameter(layer, Bias) is { } bias && bias.numel() == kept.Length)
            masks.Add((Bias, flags.reshape(bias.shape).clone()));
        return masks;
    }

    private static Tensor OfWeight(nn.Module layer, Tensor weight, Tensor flags)
    {
        using var scope = NewDisposeScope();
        long[] kernel = [.. Enumerable.Repeat(1L, (int)weight.dim() - 2 is var rest && rest > 0 ? rest : 0)];
        if (layer is not ConvolutionTranspose transposed)
            return flags
                .reshape([flags.shape[0], .. weight.shape[1..].Select(_ => 1L)])
                .expand_as(weight)
                .clone()
                .MoveToOuterDisposeScope();
        long inputs = weight.shape[0] / transposed.groups;
        Tensor rows = flags.reshape(transposed.groups, 1, weight.shape[1]).expand(-1, inputs, -1);
        return rows.reshape([weight.shape[0], weight.shape[1], .. kernel]).expand_as(weight).clone().MoveToOuterDisposeScope();
    }

    private static Tensor? FindParameter(nn.Module layer, string name) =>
        layer.named_parameters(recurse: false).FirstOrDefault(item => item.name == name).parameter;
}
