using Speedup.Core.Plugins;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Passes;

/// <summary>How the passes are made that a plan is read from.</summary>
internal sealed record PassOptions
{
    /// <summary>The modules that are one call, beside TorchSharp's own.</summary>
    public required IHandlerSource Handlers { get; init; }

    /// <summary>What is written, for messages: "straight-line code".</summary>
    public required string Product { get; init; }

    /// <summary>The same in remarks: "the code".</summary>
    public required string Short { get; init; }

    /// <summary>The option that allows one path of several, for messages.</summary>
    public required string PathOption { get; init; }

    /// <summary>Further inputs; empty to look for other sizes.</summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> OtherInputs { get; init; } = [];

    /// <summary>Whether other sizes are looked for where <see cref="OtherInputs"/> has none.</summary>
    public bool LooksForSizes { get; init; } = true;

    /// <summary>Whether an axis of an input may have another length; null where all may.</summary>
    public Func<int, int, bool>? MayVary { get; init; }

    /// <summary>Whether the example's path is taken where the model has others.</summary>
    public bool AllowOtherPaths { get; init; }
}
