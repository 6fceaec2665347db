namespace Speedup.Core.CodeWriting;

/// <summary>The files that were written.</summary>
/// <param name="Code">The code.</param>
/// <param name="Weights">The weights, beside it: <c>.dat</c> for C#, <c>.pth</c> for PyTorch.</param>
/// <param name="ClassName">Name of the class in the code.</param>
public sealed record CodeFiles(string Code, string Weights, string ClassName);
