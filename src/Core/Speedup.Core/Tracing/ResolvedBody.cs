using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>A method body, split into instructions, and the members that they name.</summary>
internal sealed class ResolvedBody
{
    private readonly Dictionary<int, MemberInfo> _members = [];
    private readonly Type[] _typeArguments;
    private readonly Type[] _methodArguments;

    /// <summary>Reads the body of a method.</summary>
    /// <exception cref="RewriteException">It has none.</exception>
    public ResolvedBody(MethodBase method)
    {
        Method = method;
        Body = method.GetMethodBody() ?? throw new RewriteException($"{method.DeclaringType}.{method.Name} has no IL body");
        Il = Body.GetILAsByteArray()!;
        Instructions = [.. IlReader.Read(Il)];
        _typeArguments = method.DeclaringType?.GetGenericArguments() ?? [];
        _methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
    }

    /// <summary>The method.</summary>
    public MethodBase Method { get; }

    /// <summary>Its locals and exception clauses.</summary>
    public MethodBody Body { get; }

    /// <summary>Its bytes; not to be changed.</summary>
    public byte[] Il { get; }

    /// <summary>Its instructions in order.</summary>
    public IReadOnlyList<IlInstruction> Instructions { get; }

    /// <summary>What its <c>return</c> leaves.</summary>
    public Type Returns => Method is MethodInfo info ? info.ReturnType : typeof(void);

    /// <summary>The number in the operand of an instruction.</summary>
    public int Token(IlInstruction instruction) => BitConverter.ToInt32(Il, instruction.Operand);

    /// <summary>The number of the local or argument that an instruction names in its operand.</summary>
    public int Variable(IlInstruction instruction) =>
        instruction.OpCode.OperandType == OperandType.ShortInlineVar
            ? Il[instruction.Operand]
            : BitConverter.ToUInt16(Il, instruction.Operand);

    /// <summary>The member that an instruction names.</summary>
    /// <exception cref="RewriteException">There is none.</exception>
    public MemberInfo Member(IlInstruction instruction)
    {
        if (!_members.TryGetValue(instruction.Offset, out MemberInfo? member))
            _members[instruction.Offset] = member = Resolve(Token(instruction));
        return member;
    }

    private MemberInfo Resolve(int token) =>
        Method.Module.ResolveMember(token, _typeArguments, _methodArguments)
        ?? throw new RewriteException($"{Method.DeclaringType}.{Method.Name} names an unknown member");
}
