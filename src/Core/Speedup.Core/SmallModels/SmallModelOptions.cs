using Speedup.Modules;

namespace Speedup.Core.SmallModels;

/// <summary>Options of loading a small model.</summary>
public sealed record SmallModelOptions
{
    /// <summary>
    /// Classes of plugins that a file may name, beside those of the model, of TorchSharp and of this framework. Each is an
    /// <see cref="ISavableModule"/>.
    /// </summary>
    public IReadOnlyList<Type> ModuleTypes { get; init; } = [];

    /// <summary>
    /// Names of fields that may have another value in the dense model than in the file, in any module: a path or a seed that is another on each machine. They
    /// keep the model's value, unless the speedup has changed them.
    /// </summary>
    public IReadOnlyList<string> IgnoredFields { get; init; } = [];
}
