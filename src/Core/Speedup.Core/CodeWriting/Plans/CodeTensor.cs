using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>A tensor of the model that the forward pass reads by itself.</summary>
/// <param name="Name">Its name in the code; of a module's tensor the name within the module.</param>
/// <param name="Tensor">The model's tensor, which stays its own.</param>
/// <param name="Owner">The module of the code whose parameter it is; null where the network itself holds it.</param>
internal sealed record CodeTensor(string Name, Tensor Tensor, CodeModule? Owner);
