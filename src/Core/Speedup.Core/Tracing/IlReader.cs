using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>Splits a method body into instructions (ECMA-335, partition III).</summary>
internal static class IlReader
{
    private const byte TwoBytePrefix = 0xFE;

    private static readonly FrozenDictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value);

    /// <summary>Reads all instructions in order.</summary>
    public static IEnumerable<IlInstruction> Read(byte[] body)
    {
        int at = 0;
        while (at < body.Length)
        {
            int start = at;
            short value = body[at++];
            if (value == TwoBytePrefix)
                value = (short)((TwoBytePrefix << 8) | body[at++]);
            OpCode code = OpCodesByValue[value];
            int end = at + OperandSize(code, body, at);
            yield return new IlInstruction(start, code, at, end);
            at = end;
        }
    }

    private static int OperandSize(OpCode code, byte[] body, int at) =>
        code.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, at)),
            _ => 4,
        };
}
