using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting;

/// <summary>What code is written, and on which inputs it is tried first.</summary>
public sealed record CodeOptions
{
    /// <summary>The language; null to tell it by the extension of the file, <c>.cs</c> or <c>.py</c>.</summary>
    public CodeLanguage? Language { get; init; }

    /// <summary>Name of the class; null for the name of the file.</summary>
    public string? ClassName { get; init; }

    /// <summary>Namespace of the C# class; empty for none. PyTorch code has none.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>
    /// Further inputs, each a list as long as the example, that show which numbers in the code depend on sizes. Empty: other sizes and batches that
    /// the model takes are looked for.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> OtherInputs { get; init; } = [];

    /// <summary>
    /// Whether to write the calls of the example even where the model makes others at another size or on the inputs in <see cref="OtherInputs"/>, or
    /// decides by the time, the environment or chance. The file says so. False: such a model is refused.
    /// </summary>
    public bool AllowOtherPaths { get; init; }
}
