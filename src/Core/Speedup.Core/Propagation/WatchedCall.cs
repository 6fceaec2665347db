using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>A function of a handler that is running.</summary>
/// <param name="Handler">The handler.</param>
/// <param name="Function">Name of the function.</param>
/// <param name="Operator">Name of the operator that it is asked about.</param>
internal readonly record struct WatchedCall(IOperatorHandler Handler, string Function, string Operator);
