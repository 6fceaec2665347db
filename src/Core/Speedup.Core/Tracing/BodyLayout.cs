using System.Buffers.Binary;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>
/// Puts code between the instructions of a method body. What is inserted moves all that comes after it: branches become long ones, and
/// targets, tables of switches and exception clauses are computed anew.
/// </summary>
/// <param name="il">The body.</param>
internal sealed class BodyLayout(byte[] il)
{
    private const int LongBranch = 5;
    private const int ShortToLong = 0x0D;
    private readonly IlInstruction[] _instructions = [.. IlReader.Read(il)];
    private readonly Dictionary<int, byte[]> _before = [];
    private readonly Dictionary<int, byte[][]> _outcomes = [];
    private readonly Dictionary<int, int> _moved = [];

    /// <summary>Whether anything was inserted; if not, the body stays as it is.</summary>
    public bool IsChanged => _before.Count > 0 || _outcomes.Count > 0;

    /// <summary>Runs code before an instruction, also when it is branched to. The code leaves the stack as it was.</summary>
    public void InsertBefore(int offset, byte[] code) => _before[offset] = code;

    /// <summary>
    /// Runs code on each way out of a conditional branch or switch, without looking at what it compares: <c>blt L</c> becomes
    /// <c>blt T; code 0; br C; T: code 1; br L; C:</c>.
    /// </summary>
    /// <param name="offset">The branch.</param>
    /// <param name="codes">For going on behind it, and for each of its targets.</param>
    public void InsertOutcomes(int offset, byte[][] codes) => _outcomes[offset] = codes;

    /// <summary>Where an instruction, or the end of the body, has gone; what is inserted before it belongs to it.</summary>
    public int Map(int offset) => IsChanged ? _moved[offset] : offset;

    /// <summary>The new body.</summary>
    public byte[] Write()
    {
        if (!IsChanged)
            return il;
        int length = 0;
        foreach (IlInstruction instruction in _instructions)
        {
            _moved[instruction.Offset] = length;
            length += BeforeOf(instruction).Length + SizeOf(instruction);
        }
        _moved[il.Length] = length;
        var code = new List<byte>(length);
        foreach (IlInstruction instruction in _instructions)
        {
            code.AddRange(BeforeOf(instruction));
            Write(instruction, code);
        }
        return [.. code];
    }

    private byte[] BeforeOf(IlInstruction instruction) => _before.GetValueOrDefault(instruction.Offset, []);

    private int SizeOf(IlInstruction instruction)
    {
        int size = instruction.IsBranch ? LongBranch : instruction.End - instruction.Offset;
        return _outcomes.TryGetValue(instruction.Offset, out byte[][]? codes) ? size + codes.Sum(code => code.Length + LongBranch) : size;
    }

    private void Write(IlInstruction instruction, List<byte> code)
    {
        int[] targets = [.. instruction.TargetsIn(il).Select(target => _moved[target])];
        if (_outcomes.TryGetValue(instruction.Offset, out byte[][]? codes))
            WriteWithOutcomes(instruction, targets, codes, code);
        else if (targets.Length > 0)
            WriteJump(instruction, targets, code);
        else
            code.AddRange(il[instruction.Offset..instruction.End]);
    }

    private void WriteWithOutcomes(IlInstruction instruction, int[] targets, byte[][] codes, List<byte> code)
    {
        int jump = instruction.IsBranch ? LongBranch : instruction.End - instruction.Offset;
        int at = code.Count + jump + codes[0].Length + LongBranch;
        int[] detours = new int[targets.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            detours[i] = at;
            at += codes[i + 1].Length + LongBranch;
        }
        WriteJump(instruction, detours, code);
        int[] ends = [_moved[instruction.End], .. targets];
        for (int i = 0; i < codes.Length; i++)
        {
            code.AddRange(codes[i]);
            code.Add((byte)OpCodes.Br.Value);
            WriteTarget(ends[i], code.Count + 4, code);
        }
    }

    private static void WriteJump(IlInstruction instruction, int[] targets, List<byte> code)
    {
        if (instruction.IsBranch)
        {
            code.Add((byte)LongForm(instruction.OpCode));
            WriteTarget(targets[0], code.Count + 4, code);
            return;
        }
        code.Add((byte)OpCodes.Switch.Value);
        WriteNumber(targets.Length, code);
        int end = code.Count + (4 * targets.Length);
        foreach (int target in targets)
            WriteTarget(target, end, code);
    }

    private static int LongForm(OpCode code) =>
        code.OperandType == OperandType.InlineBrTarget ? code.Value
        : code == OpCodes.Leave_S ? OpCodes.Leave.Value
        : code.Value + ShortToLong;

    private static void WriteTarget(int target, int end, List<byte> code) => WriteNumber(target - end, code);

    private static void WriteNumber(int number, List<byte> code)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        code.AddRange(bytes);
    }
}
