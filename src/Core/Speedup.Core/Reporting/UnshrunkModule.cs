using Speedup.Abstractions;

namespace Speedup.Core.Reporting;

/// <summary>A masked module that did not shrink as far as its masks.</summary>
/// <param name="Path">Dotted path from the root.</param>
/// <param name="Type">CLR type name of the module.</param>
/// <param name="Pruned">Rows and columns that its masks prune entirely: indices of the first two axes of its parameters.</param>
/// <param name="Removed">How many of them went.</param>
/// <param name="Cause">Kind of reason why the others stayed; null where the masks prune no whole row or column, or the module was not called.</param>
/// <param name="Reason">The reason that keeps most of them, one sentence.</param>
public sealed record UnshrunkModule(string Path, string Type, int Pruned, int Removed, KeepCause? Cause, string Reason);
