using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing.Flow;

/// <summary>Groups instructions that do the same: <c>ldloc.0</c>, <c>ldloc.s</c> and <c>ldloc</c> are <c>ldloc</c>.</summary>
internal static class InstructionNames
{
    private static readonly FrozenDictionary<short, string> Families = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value, code => string.Intern(code.Name!.Split('.')[0]));

    /// <summary>The name of an operation up to its first dot.</summary>
    public static string FamilyOf(OpCode code) => Families[code.Value];

    /// <summary>The number of the local or argument that an instruction names in its operand or in its own name.</summary>
    public static int VariableOf(ResolvedBody body, IlInstruction instruction) =>
        instruction.OpCode.OperandType is OperandType.InlineVar or OperandType.ShortInlineVar
            ? body.Variable(instruction)
            : int.Parse(instruction.OpCode.Name![^1..], CultureInfo.InvariantCulture);
}
