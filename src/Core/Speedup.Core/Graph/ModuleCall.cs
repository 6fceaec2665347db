using System.Reflection;
using Speedup.Abstractions;

namespace Speedup.Core.Graph;

/// <summary>How a module was called.</summary>
/// <param name="Method">The method that was called, a <c>forward</c> or <c>call</c>.</param>
/// <param name="Arguments">Its arguments by parameter name; tensors are <see cref="InputRef"/>.</param>
internal sealed record ModuleCall(MethodInfo Method, IReadOnlyDictionary<string, object?> Arguments);
