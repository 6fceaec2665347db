using System.Collections.Frozen;
using System.Reflection;
using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Core.Graph;

/// <summary>One call.</summary>
public sealed record GraphNode
{
    /// <summary>Position in <see cref="ModelGraph.Nodes"/>.</summary>
    public required int Id { get; init; }

    /// <summary>Kind of node.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Path of the module called, or of the module whose <c>forward</c> made the call; empty for the root.</summary>
    public required string ModulePath { get; init; }

    /// <summary>The module called; null for other nodes.</summary>
    public torch.nn.Module? Module { get; init; }

    /// <summary>The function called; null for other nodes.</summary>
    public MethodInfo? Method { get; init; }

    /// <summary>Arguments of a function by parameter name; tensors are <see cref="InputRef"/>.</summary>
    public IReadOnlyDictionary<string, object?> Arguments { get; init; } = new Dictionary<string, object?>();

    /// <summary>How the module was called; null for other nodes.</summary>
    internal ModuleCall? Call { get; init; }

    /// <summary>Ids of the values read.</summary>
    public IReadOnlyList<int> Inputs { get; init; } = [];

    /// <summary>Ids of the values produced.</summary>
    public IReadOnlyList<int> Outputs { get; init; } = [];

    /// <summary>Names of the arguments that are computed from sizes: numbers, indices and shapes that would be others for another input.</summary>
    internal IReadOnlySet<string> SizeArguments => FindSizeArguments?.Invoke() ?? FrozenSet<string>.Empty;

    /// <summary>Finds them, by all that is known of the code when it is asked; null where nothing is.</summary>
    internal Func<IReadOnlySet<string>>? FindSizeArguments { get; init; }
}
