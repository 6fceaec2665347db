using static TorchSharp.torch;

namespace Speedup.Onnx;

/// <summary>What is exported, and how it is checked.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// Names of the axes of inputs whose length may vary: "batch" (axis 0), "height" and "width" of images, "depth" of volumes, "sequence" of tokens
    /// (axis 1) and of rows of features, "length" of signals; "axis2" for others. Null: all that the model takes at other lengths. Empty: none, and all
    /// sizes are the example's.
    /// </summary>
    public IReadOnlyList<string>? DynamicAxes { get; init; }

    /// <summary>
    /// Further inputs, each a list as long as the example, that show what depends on sizes. Empty: other sizes and batches that the model takes are
    /// looked for.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> OtherInputs { get; init; } = [];

    /// <summary>
    /// Whether to export the calls of the example even where the model makes others at another size or on the inputs in <see cref="OtherInputs"/>, or
    /// decides by the time, the environment or chance. False: such a model is refused.
    /// </summary>
    public bool AllowOtherPaths { get; init; }

    /// <summary>Whether a BatchNorm that follows a convolution is folded into its weights. It changes results in their last digits.</summary>
    public bool FoldBatchNorm { get; init; } = true;

    /// <summary>Whether what is computed from the model's own tensors alone is computed now, as far as it gets no larger.</summary>
    public bool FoldConstants { get; init; } = true;

    /// <summary>Whether nodes that do nothing, as dropout in evaluation mode, are left out.</summary>
    public bool RemoveIdentities { get; init; } = true;

    /// <summary>Whether real weights are stored as 16-bit numbers, and converted when the model is loaded: half the file, three digits of each weight.</summary>
    public bool HalfWeights { get; init; }

    /// <summary>Bytes of weights from which on they are stored in a second file, named as the first with <c>.data</c> behind it. ONNX files end at 2 GB.</summary>
    public long ExternalDataFrom { get; init; } = 1_800_000_000;

    /// <summary>Runs the file before it takes its place, on the example and at all sizes that were tried; null to check nothing.</summary>
    public IOnnxRunner? Verifier { get; init; }

    /// <summary>
    /// The largest difference that the verifier may see, relative to the largest number of the output. Null for 1e-5; with
    /// <see cref="HalfWeights"/> 1e-2.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>Further metadata of the file, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
