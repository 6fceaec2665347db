using static TorchSharp.torch;

namespace Speedup.TestKit.Subjects;

/// <summary>Calls what is tested.</summary>
/// <param name="module">The module; null where a function is tested.</param>
/// <param name="inputs">Its inputs.</param>
internal delegate Tensor[] SubjectCall(nn.Module? module, Tensor[] inputs);
