using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>One handler of a plugin that is in use.</summary>
/// <param name="ModuleTypes">The module types that it handles.</param>
/// <param name="Functions">The functions that it handles.</param>
/// <param name="Description">What it says that it does; null where it does not say.</param>
public sealed record OperatorInfo(IReadOnlyList<Type> ModuleTypes, IReadOnlyList<FunctionKey> Functions, OperatorDescription? Description);
