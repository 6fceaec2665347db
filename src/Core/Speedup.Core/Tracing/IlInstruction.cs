using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>One instruction of a method body.</summary>
/// <param name="Offset">Offset of its first byte.</param>
/// <param name="OpCode">The operation.</param>
/// <param name="Operand">Offset of its operand.</param>
/// <param name="End">Offset of the byte after it.</param>
internal readonly record struct IlInstruction(int Offset, OpCode OpCode, int Operand, int End)
{
    /// <summary>Whether it goes to the one target that it names, always or under a condition.</summary>
    public bool IsBranch => OpCode.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget;

    /// <summary>Whether where it goes depends on what is on the stack.</summary>
    public bool IsConditional => OpCode.FlowControl == FlowControl.Cond_Branch;

    /// <summary>Whether it only says something of the instruction after it.</summary>
    public bool IsPrefix => OpCode.OpCodeType == OpCodeType.Prefix;

    /// <summary>Whether the instruction after it is never reached from it.</summary>
    public bool EndsPath => OpCode.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw;

    /// <summary>Offsets that it names, in the order of a switch; the instruction after it is not among them.</summary>
    public int[] TargetsIn(byte[] body)
    {
        int end = End;
        int operand = Operand;
        if (OpCode.OperandType == OperandType.ShortInlineBrTarget)
            return [end + (sbyte)body[operand]];
        if (OpCode.OperandType == OperandType.InlineBrTarget)
            return [end + BitConverter.ToInt32(body, operand)];
        if (OpCode.OperandType != OperandType.InlineSwitch)
            return [];
        int count = BitConverter.ToInt32(body, operand);
        return [.. Enumerable.Range(1, count).Select(i => end + BitConverter.ToInt32(body, operand + (4 * i)))];
    }
}
