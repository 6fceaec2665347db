using static TorchSharp.torch;

namespace Speedup.Core.Masks;

/// <summary>The mask of one parameter.</summary>
/// <param name="ModulePath">Dotted path of the module from the root.</param>
/// <param name="Parameter">Name of the parameter within the module.</param>
/// <param name="Mask">Tensor of the parameter's shape: 1 keeps an entry, 0 prunes it.</param>
public sealed record MaskEntry(string ModulePath, string Parameter, Tensor Mask);
