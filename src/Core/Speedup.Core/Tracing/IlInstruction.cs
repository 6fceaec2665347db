using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>One instruction of a method body.</summary>
/// <param name="Offset">Offset of its first byte.</param>
/// <param name="OpCode">The operation.</param>
/// <param name="Operand">Offset of its operand.</param>
internal readonly record struct IlInstruction(int Offset, OpCode OpCode, int Operand);
