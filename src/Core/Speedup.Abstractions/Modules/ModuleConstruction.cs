namespace Speedup.Abstractions;

/// <summary>
/// How a module of TorchSharp's that keeps its parameters in native memory is made again: by the function of <c>torch.nn</c> that is named as its
/// class, with these arguments. Other modules need none, since their fields say all.
/// </summary>
/// <param name="ModuleType">The class, such as <c>LSTM</c>.</param>
/// <param name="Arguments">
/// Arguments by the names of the function's parameters: truths, whole numbers, numbers, values of enumerations, and constructions of modules that
/// the function copies. Those that are left out have default values; dtype and device are the parameters'.
/// </param>
public sealed record ModuleConstruction(Type ModuleType, IReadOnlyDictionary<string, object?> Arguments);
