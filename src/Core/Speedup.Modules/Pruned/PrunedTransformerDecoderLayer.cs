using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>What <c>nn.TransformerDecoderLayer</c> becomes when heads go; see <see cref="IPrunedTransformer"/>.</summary>
public sealed class PrunedTransformerDecoderLayer
    : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>,
        nn.IModule<Tensor, Tensor, Tensor>,
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
    public PrunedTransformerDecoderLayer(IReadOnlyDictionary<string, Tensor> parameters, int headWidth, nn.Activations activation)
        : base(nameof(PrunedTransformerDecoderLayer))
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

    /// <summary>Puts a sequence through the layer.</summary>
    /// <param name="tgt">The sequence, <c>[L, N, width]</c>.</param>
    /// <param name="memory">The result of the encoder, <c>[S, N, width]</c>.</param>
    public Tensor call(Tensor tgt, Tensor memory) => call(tgt, memory, null!, null!, null!, null!);

    /// <summary>Puts a sequence through the layer.</summary>
    /// <param name="tgt">The sequence, <c>[L, N, width]</c>.</param>
    /// <param name="memory">The result of the encoder, <c>[S, N, width]</c>.</param>
    /// <param name="tgt_mask">What is added to the scores of the sequence, <c>[L, L]</c>; or null.</param>
    /// <param name="memory_mask">What is added to the scores of the memory, <c>[L, S]</c>; or null.</param>
    /// <param name="tgt_key_padding_mask">True where the sequence is padding, <c>[N, L]</c>; or null.</param>
    /// <param name="memory_key_padding_mask">True where the memory is padding, <c>[N, S]</c>; or null.</param>
    public override Tensor forward(
        Tensor tgt,
        Tensor memory,
        Tensor tgt_mask,
        Tensor memory_mask,
        Tensor tgt_key_padding_mask,
        Tensor memory_key_padding_mask
    )
    {
        ArgumentNullException.ThrowIfNull(tgt);
        ArgumentNullException.ThrowIfNull(memory);
        using var scope = NewDisposeScope();
        var layers = new TransformerLayers(this, HeadWidth, Activation);
        var own = new TransformerMasks(tgt_mask, tgt_key_padding_mask);
        var ofMemory = new TransformerMasks(memory_mask, memory_key_padding_mask);
        return layers.DecodeOnce("", tgt, memory, own, ofMemory).MoveToOuterDisposeScope();
    }
}
