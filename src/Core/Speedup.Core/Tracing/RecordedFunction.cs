using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>A call of a function that has run.</summary>
/// <param name="Method">The function.</param>
/// <param name="Arguments">Its arguments, instance first.</param>
/// <param name="Inputs">The tensors among them.</param>
/// <param name="Outputs">Its results.</param>
/// <param name="FromSizes">Finds the arguments that come from sizes; null where none is known to.</param>
internal sealed record RecordedFunction(
    MethodInfo Method,
    object?[] Arguments,
    Tensor[] Inputs,
    Tensor[] Outputs,
    Func<IReadOnlySet<string>>? FromSizes
);
