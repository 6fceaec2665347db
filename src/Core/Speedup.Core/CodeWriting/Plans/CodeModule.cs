using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>A module that a plan calls.</summary>
/// <param name="Name">Its name in the code.</param>
/// <param name="Path">Where it is in the model.</param>
/// <param name="Module">The model's module, which stays its own.</param>
/// <param name="Made">How code makes such a module; null where the plan is for no code.</param>
internal sealed record CodeModule(string Name, string Path, nn.Module Module, CodeValue.Construction? Made);
