using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>Copies one method body: same bytes, tokens issued anew, some calls redirected.</summary>
internal sealed class BodyCopier(MethodRewriter rewriter, MethodBase method, MethodBody body, DynamicMethod copy)
{
    private const byte Nop = 0x00;
    private readonly byte[] _il = (byte[])body.GetILAsByteArray()!.Clone();
    private readonly DynamicILInfo _info = copy.GetDynamicILInfo();
    private readonly Type[] _typeArguments = method.DeclaringType?.GetGenericArguments() ?? [];
    private readonly Type[] _methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
    private (int Offset, Type Type)? _constrained;
    private bool _delegatePending;

    public void Copy()
    {
        SignatureHelper locals = SignatureHelper.GetLocalVarSigHelper();
        foreach (LocalVariableInfo local in body.LocalVariables)
            locals.AddArgument(local.LocalType, local.IsPinned);
        _info.SetLocalSignature(locals.GetSignature());
        foreach (IlInstruction instruction in IlReader.Read(body.GetILAsByteArray()!))
            CopyInstruction(instruction);
        _info.SetCode(_il, body.MaxStackSize + 2);
        if (body.ExceptionHandlingClauses.Count > 0)
            _info.SetExceptions(ExceptionSection.Write(body.ExceptionHandlingClauses, _info));
    }

    private void CopyInstruction(IlInstruction instruction)
    {
        switch (instruction.OpCode.OperandType)
        {
            case OperandType.InlineString:
                Put(instruction.Operand, _info.GetTokenFor(method.Module.ResolveString(Token(instruction))));
                break;
            case OperandType.InlineSig:
                throw new RewriteException($"{method.DeclaringType}.{method.Name} calls through a function pointer");
            case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                CopyMember(instruction, Resolve(instruction));
                break;
        }
        if (instruction.OpCode != OpCodes.Constrained)
            _constrained = null;
    }

    private void CopyMember(IlInstruction instruction, MemberInfo member)
    {
        if (instruction.OpCode == OpCodes.Constrained)
            _constrained = (instruction.Offset, (Type)member);
        else if (member is MethodInfo target && (instruction.OpCode == OpCodes.Call || instruction.OpCode == OpCodes.Callvirt))
        {
            if (TryRedirectCall(instruction, target))
                return;
        }
        else if (member is MethodInfo pointed && TryRedirectPointer(instruction, pointed))
            return;
        else if (
            member is ConstructorInfo constructor
            && (TryRedirectDelegate(instruction, constructor) || TryRedirectConstructor(instruction, constructor))
        )
            return;
        else if (member is FieldInfo field && TryBypassCache(instruction, field))
            return;
        Put(instruction.Operand, TokenFor(member));
    }

    private bool TryRedirectCall(IlInstruction instruction, MethodInfo target)
    {
        DynamicMethod? traced = rewriter.Redirect(target, instruction.OpCode, _constrained?.Type);
        if (traced is null)
            return false;
        RemovePrefix(instruction);
        _il[instruction.Offset] = (byte)OpCodes.Call.Value;
        Put(instruction.Operand, _info.GetTokenFor(traced));
        return true;
    }

    private void RemovePrefix(IlInstruction instruction)
    {
        if (_constrained is { } prefix)
            Array.Fill(_il, Nop, prefix.Offset, instruction.Offset - prefix.Offset);
    }

    /// <summary><c>ldftn</c> (2 + 4 bytes) becomes <c>ldc.i4 id; nop</c>, and the virtual form pops its object first.</summary>
    private bool TryRedirectPointer(IlInstruction instruction, MethodInfo target)
    {
        bool isVirtual = instruction.OpCode == OpCodes.Ldvirtftn;
        if (!isVirtual && instruction.OpCode != OpCodes.Ldftn)
            return false;
        if (_constrained is { Type: var type })
        {
            if (VirtualCalls.Resolve(target, type) is not { } actual)
                return false;
            target = actual; // a static member of an interface
        }
        if (!MethodRewriter.IsTracedAsDelegate(target) || !IsFollowedByDelegate(instruction))
            return false;
        RemovePrefix(instruction);
        int at = instruction.Offset;
        if (isVirtual)
            _il[at++] = (byte)OpCodes.Pop.Value;
        _il[at++] = (byte)OpCodes.Ldc_I4.Value;
        Put(at, rewriter.IdOf(target));
        if (!isVirtual)
            _il[at + 4] = Nop;
        _delegatePending = true;
        return true;
    }

    private bool TryRedirectDelegate(IlInstruction instruction, ConstructorInfo constructor)
    {
        if (!_delegatePending || instruction.OpCode != OpCodes.Newobj)
            return false;
        _delegatePending = false;
        _il[instruction.Offset] = (byte)OpCodes.Call.Value;
        Put(instruction.Operand, _info.GetTokenFor(rewriter.DelegateConstructor(constructor.DeclaringType!)));
        return true;
    }

    private bool TryRedirectConstructor(IlInstruction instruction, ConstructorInfo constructor)
    {
        if (instruction.OpCode.OperandType != OperandType.InlineMethod)
            return false;
        if (rewriter.RedirectConstructor(constructor, instruction.OpCode) is not { } traced)
            return false;
        _il[instruction.Offset] = (byte)OpCodes.Call.Value;
        Put(instruction.Operand, _info.GetTokenFor(traced));
        return true;
    }

    /// <summary>
    /// The compiler caches delegates that capture nothing in static fields. Traced delegates must not end up there, and cached
    /// ones are not traced: the field reads as null and takes nothing.
    /// </summary>
    private bool TryBypassCache(IlInstruction instruction, FieldInfo field)
    {
        bool isCache = field.IsStatic && typeof(Delegate).IsAssignableFrom(field.FieldType) && field.DeclaringType!.Name.StartsWith('<');
        if (!isCache || (instruction.OpCode != OpCodes.Ldsfld && instruction.OpCode != OpCodes.Stsfld))
            return false;
        bool load = instruction.OpCode == OpCodes.Ldsfld;
        _il[instruction.Offset] = (byte)(load ? OpCodes.Ldnull : OpCodes.Pop).Value;
        Array.Fill(_il, Nop, instruction.Operand, 4);
        return true;
    }

    private bool IsFollowedByDelegate(IlInstruction instruction)
    {
        int next = instruction.Operand + 4;
        if (next + 5 > _il.Length || _il[next] != (byte)OpCodes.Newobj.Value)
            return false;
        int token = BitConverter.ToInt32(_il, next + 1);
        return typeof(Delegate).IsAssignableFrom(method.Module.ResolveMember(token, _typeArguments, _methodArguments)!.DeclaringType);
    }

    private MemberInfo Resolve(IlInstruction instruction) =>
        method.Module.ResolveMember(Token(instruction), _typeArguments, _methodArguments)
        ?? throw new RewriteException($"{method.DeclaringType}.{method.Name} names an unknown member");

    private int Token(IlInstruction instruction) => BitConverter.ToInt32(_il, instruction.Operand);

    private int TokenFor(MemberInfo member) =>
        member switch
        {
            MethodBase { DeclaringType: { IsGenericType: true } type } target => _info.GetTokenFor(target.MethodHandle, type.TypeHandle),
            MethodBase target => _info.GetTokenFor(target.MethodHandle),
            FieldInfo { DeclaringType: { IsGenericType: true } type } field => _info.GetTokenFor(field.FieldHandle, type.TypeHandle),
            FieldInfo field => _info.GetTokenFor(field.FieldHandle),
            Type type => _info.GetTokenFor(type.TypeHandle),
            _ => throw new RewriteException($"{method.DeclaringType}.{method.Name} names a {member.MemberType}"),
        };

    private void Put(int at, int value) => BitConverter.TryWriteBytes(_il.AsSpan(at), value);
}
