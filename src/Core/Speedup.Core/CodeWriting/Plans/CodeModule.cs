using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>A module of TorchSharp's that the code makes and calls.</summary>
/// <param name="Name">Its name in the code.</param>
/// <param name="Path">Where it is in the model.</param>
/// <param name="Module">The model's module, which stays its own.</param>
/// <param name="Factory">The function of <c>torch.nn</c> that makes one.</param>
/// <param name="Arguments">What that is called with, plain values all of them.</param>
internal sealed record CodeModule(string Name, string Path, nn.Module Module, MethodInfo Factory, IReadOnlyList<CodeArgument> Arguments);
