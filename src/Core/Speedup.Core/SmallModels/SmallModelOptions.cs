using Speedup.Abstractions;

namespace Speedup.Core.SmallModels;

/// <summary>Options of loading a small model.</summary>
public sealed record SmallModelOptions
{
    /// <summary>
    /// Classes of plugins that a file may name, beside those of the model, of TorchSharp and of this framework. Each is an
    /// <see cref="ISavableModule"/>.
    /// </summary>
    public IReadOnlyList<Type> ModuleTypes { get; init; } = [];
}
