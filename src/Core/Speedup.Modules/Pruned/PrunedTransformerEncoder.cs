using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>What <c>nn.TransformerEncoder</c> becomes when heads go, or more hidden units of one layer than of another; see <see cref="IPrunedTransformer"/>.</summary>
public sealed class PrunedTransformerEncoder
    : nn.Module<Tensor, Tensor, Tensor, Tensor>,
        nn.IModule<Tensor, Tensor, Tensor>,
        nn.IModule<Tensor, Tensor>,
        IPrunedTransformer,
        ISavableModule
{
    /// <summary>Creates a module from its parameters, which it takes over.</summary>
    /// <param name="parameters">
    /// By the names of the original's; those of an attention are <c>q_proj_weight</c>, <c>k_proj_weight</c>, <c>v_proj_weight</c>,
    /// <c>in_proj_bias</c>, <c>out_proj.weight</c> and <c>out_proj.bias</c>.
    /// </param>
    /// <param name="headWidth">Width of a head.</param>
    /// <param name="activation">What the hidden units are put through.</param>
    public PrunedTransformerEncoder(IReadOnlyDictionary<string, Tensor> parameters, int headWidth, nn.Activations activation)
        : base(nameof(PrunedTransformerEncoder))
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

    /// <summary>Puts a sequence through all layers.</summary>
    /// <param name="src">The sequence, <c>[L, N, width]</c>.</param>
    public Tensor call(Tensor src) => call(src, null!, null!);

    /// <summary>Puts a sequence through all layers.</summary>
    /// <param name="src">The sequence, <c>[L, N, width]</c>.</param>
    /// <param name="src_mask">What is added to the scores, <c>[L, L]</c>; or null.</param>
    public Tensor call(Tensor src, Tensor src_mask) => call(src, src_mask, null!);

    /// <summary>Puts a sequence through all layers.</summary>
    /// <param name="src">The sequence, <c>[L, N, width]</c>.</param>
    /// <param name="src_mask">What is added to the scores, <c>[L, L]</c>; or null.</param>
    /// <param name="src_key_padding_mask">True where a key is padding, <c>[N, L]</c>; or null.</param>
    public override Tensor forward(Tensor src, Tensor src_mask, Tensor src_key_padding_mask)
    {
        ArgumentNullException.ThrowIfNull(src);
        using var scope = NewDisposeScope();
        var layers = new TransformerLayers(this, HeadWidth, Activation);
        return layers.Encode("", src, new TransformerMasks(src_mask, src_key_padding_mask)).MoveToOuterDisposeScope();
    }
}
