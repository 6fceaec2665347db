using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Tracing.Flow;

namespace Speedup.Core.Tracing;

/// <summary>
/// Copies one method body: tokens issued anew, some calls redirected, by replacements that take as many bytes as what they replace;
/// then notes are put between.
/// </summary>
internal sealed class BodyCopier(IRedirections rewriter, MethodFlow flow, DynamicMethod copy)
{
    private const byte Nop = 0x00;
    private readonly ResolvedBody _body = flow.Body;
    private readonly byte[] _il = (byte[])flow.Body.Il.Clone();
    private readonly DynamicILInfo _info = copy.GetDynamicILInfo();
    private (int Offset, Type Type)? _constrained;
    private bool _delegatePending;

    private MethodBase Method => _body.Method;

    /// <summary>Writes the copy.</summary>
    /// <param name="insert">Puts code between the instructions; null for the notes of a trace.</param>
    public void Copy(Action<BodyLayout>? insert = null)
    {
        MethodBody body = _body.Body;
        SignatureHelper locals = SignatureHelper.GetLocalVarSigHelper();
        foreach (LocalVariableInfo local in body.LocalVariables)
            locals.AddArgument(local.LocalType, local.IsPinned);
        _info.SetLocalSignature(locals.GetSignature());
        foreach (IlInstruction instruction in _body.Instructions)
            CopyInstruction(instruction);
        var layout = new BodyLayout(_il);
        (insert ?? new BodyNotes(rewriter, flow, _info).Insert)(layout);
        _info.SetCode(layout.Write(), body.MaxStackSize + 2 + BodyNotes.Depth);
        if (body.ExceptionHandlingClauses.Count > 0)
            _info.SetExceptions(ExceptionSection.Write(body.ExceptionHandlingClauses, _info, layout.Map));
    }

    private void CopyInstruction(IlInstruction instruction)
    {
        switch (instruction.OpCode.OperandType)
        {
            case OperandType.InlineString:
                Put(instruction.Operand, _info.GetTokenFor(Method.Module.ResolveString(_body.Token(instruction))));
                break;
            case OperandType.InlineSig:
                throw new RewriteException($"{Method.DeclaringType}.{Method.Name} calls through a function pointer");
            case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                CopyMember(instruction, _body.Member(instruction));
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
        DynamicMethod? traced = rewriter.Redirect(
            target,
            instruction.OpCode,
            _constrained?.Type,
            flow.Callees.GetValueOrDefault(instruction.Offset)
        );
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
        if (FindDelegateType(instruction) is not { } delegateType || !CallClassifier.IsTracedAsDelegate(target, delegateType))
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
        if (
            rewriter.RedirectConstructor(constructor, instruction.OpCode, flow.Callees.GetValueOrDefault(instruction.Offset))
            is not { } traced
        )
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

    /// <summary>The type of the delegate that the next instruction makes; null where it makes none.</summary>
    private Type? FindDelegateType(IlInstruction instruction)
    {
        int next = _body.Instructions.Index().First(item => item.Item.Offset == instruction.Offset).Index + 1;
        return
            next < _body.Instructions.Count
            && _body.Instructions[next] is var follower
            && follower.OpCode == OpCodes.Newobj
            && _body.Member(follower).DeclaringType is { } made
            && typeof(Delegate).IsAssignableFrom(made)
            ? made
            : null;
    }

    private int TokenFor(MemberInfo member) =>
        member switch
        {
            MethodBase { DeclaringType: { IsGenericType: true } type } target => _info.GetTokenFor(target.MethodHandle, type.TypeHandle),
            MethodBase target => _info.GetTokenFor(target.MethodHandle),
            FieldInfo { DeclaringType: { IsGenericType: true } type } field => _info.GetTokenFor(field.FieldHandle, type.TypeHandle),
            FieldInfo field => _info.GetTokenFor(field.FieldHandle),
            Type type => _info.GetTokenFor(type.TypeHandle),
            _ => throw new RewriteException($"{Method.DeclaringType}.{Method.Name} names a {member.MemberType}"),
        };

    private void Put(int at, int value) => BitConverter.TryWriteBytes(_il.AsSpan(at), value);
}
