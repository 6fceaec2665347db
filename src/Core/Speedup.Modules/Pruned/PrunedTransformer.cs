using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>What <c>nn.Transformer</c> becomes when heads go, or more hidden units of one layer than of another; see <see cref="IPrunedTransformer"/>.</summary>
public sealed class PrunedTransformer : nn.Module<Tensor, Tensor, Tensor>, IPrunedTransformer, ISavableModule
{
    /// <summary>Creates a module from its parameters, which it takes over.</summary>
    /// <param name="parameters">
    /// By the names of the original's; those of an attention are <c>q_proj_weight</c>, <c>k_proj_weight</c>, <c>v_proj_weight</c>,
    /// <c>in_proj_bias</c>, <c>out_proj.weight</c> and <c>out_proj.bias</c>.
    /// </param>
    /// <param name="headWidth">Width of a head.</param>
    /// <param name="activation">What the hidden units are put through.</param>
    public PrunedTransformer(IReadOnlyDictionary<string, Tensor> parameters, int headWidth, nn.Activations activation)
        : base(nameof(PrunedTransformer))
    {
        HeadWidth = headWidth;
        Activation = activation;
        TransformerLayers.Register(this, parameters);
    }

    /// <inheritdoc/>
    public int HeadWidth { get; }

    /// <inheritdoc/>
    public nn.Activations Activation { get; }

    IReadOnlyDictionary<string, object?> ISavableModule.Arguments => TransformerLayers.ArgumentsOf(this, HeadWidth, Activation);

    /// <summary>Puts a source through the encoder, and a target through the decoder.</summary>
    /// <param name="src">The source, <c>[S, N, width]</c>.</param>
    /// <param name="tgt">The target, <c>[L, N, width]</c>.</param>
    public override Tensor forward(Tensor src, Tensor tgt)
    {
        ArgumentNullException.ThrowIfNull(src);
        ArgumentNullException.ThrowIfNull(tgt);
        using var scope = NewDisposeScope();
        var layers = new TransformerLayers(this, HeadWidth, Activation);
        Tensor memory = layers.Encode("encoder.", src, default);
        return layers.Decode("decoder.", tgt, memory, default, default).MoveToOuterDisposeScope();
    }
}
