namespace Speedup.Persistence;

/// <summary>Which tensors of a file are read, and under which names.</summary>
public sealed record TensorFileOptions
{
    /// <summary>
    /// The part of a <c>.pth</c> checkpoint that is read: a key, such as <c>model</c> or <c>state_dict</c>, or several divided by <c>/</c>. Null: the
    /// whole file. Safetensors files have no parts.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Prefixes that are taken off names, the first one that fits and once: <c>module.</c> of DataParallel, <c>_orig_mod.</c> of torch.compile.</summary>
    public IReadOnlyList<string> StripPrefixes { get; init; } = [];

    /// <summary>
    /// Patterns of names that are left out, whatever stands under them, such as <c>*total_ops</c>: <c>*</c> is any text, <c>?</c> one character. They see
    /// names without their prefix.
    /// </summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}
