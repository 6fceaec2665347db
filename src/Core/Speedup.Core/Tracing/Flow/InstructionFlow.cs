using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing.Flow;

/// <summary>What one instruction of a method body does to the stack and to variables.</summary>
internal sealed class InstructionFlow
{
    private readonly MethodFlow _flow;
    private readonly ResolvedBody _body;
    private readonly LoopRanges _loops;
    private readonly FieldRules _fields;
    private readonly CallRules _calls;
    private readonly Dictionary<int, FlowVariable> _open = [];
    private Type? _constrained;

    public InstructionFlow(ICodeFlow program, MethodFlow flow, LoopRanges loops)
    {
        _flow = flow;
        _body = flow.Body;
        _loops = loops;
        _fields = new FieldRules(program, _body.Method, loops);
        _calls = new CallRules(program, flow, loops);
        foreach (IlInstruction instruction in _body.Instructions)
        {
            string family = InstructionNames.FamilyOf(instruction.OpCode);
            if (family == "ldloca" || (family == "stloc" && IsInFinally(instruction.Offset)))
                Open(InstructionNames.VariableOf(_body, instruction));
        }
    }

    /// <summary>A local variable before anything is stored in it. One whose address is taken is the same everywhere.</summary>
    public FlowValue Initial(LocalVariableInfo local) =>
        _open.TryGetValue(local.LocalIndex, out FlowVariable? open) ? open.Value : FlowValue.Clean(local.LocalType);

    /// <summary>Stores a value in a local variable.</summary>
    public FlowValue Store(int local, FlowValue value, FlowState state, int offset)
    {
        Type type = _body.Body.LocalVariables[local].LocalType;
        if (_open.TryGetValue(local, out FlowVariable? open))
        {
            open.Assign(value);
            _loops.Written(open.Own, offset);
            return open.Value;
        }
        FlowNode? own = value.Own;
        if (_loops.Contains(offset))
        {
            own = new FlowNode();
            value.Own?.FlowTo(own, FlowEdge.Value);
            _loops.Written(own, offset);
        }
        bool isNarrower = value.Type is not null && type.IsAssignableFrom(value.Type);
        return state.Locals[local] = value with { Own = own, Type = isNarrower ? value.Type : type };
    }

    /// <summary>Carries an instruction out that neither branches nor stores in a local variable.</summary>
    public void Apply(IlInstruction instruction, FlowState state)
    {
        OpCode code = instruction.OpCode;
        switch (InstructionNames.FamilyOf(code))
        {
            case "constrained":
                _constrained = (Type)_body.Member(instruction);
                return;
            case "ldarg" or "ldarga" or "ldloc" or "ldloca" or "starg":
                ApplyToVariable(instruction, state);
                break;
            case "dup":
                state.Push(state.Stack is [.., var top] ? top : throw new RewriteException("nothing to duplicate"));
                break;
            case "ldfld" or "ldflda" or "stfld" or "ldsfld" or "ldsflda" or "stsfld":
                _fields.Apply(instruction, (FieldInfo)_body.Member(instruction), state);
                break;
            case "ldind" or "ldobj" or "stind" or "stobj" or "initobj":
                ApplyThroughAddress(instruction, state);
                break;
            case "call" or "callvirt" or "newobj":
                _calls.Apply(instruction, (MethodBase)_body.Member(instruction), _constrained, state);
                break;
            case "ldftn" or "ldvirtftn":
                state.Pop(code == OpCodes.Ldvirtftn ? 1 : 0);
                state.Push(FlowValue.Clean(null) with { Pointed = _body.Member(instruction) as MethodInfo });
                break;
            case "calli":
                throw new RewriteException($"{_body.Method.DeclaringType}.{_body.Method.Name} calls through a function pointer");
            case "ret":
                if (_body.Returns != typeof(void))
                    Return(instruction, state.Pop());
                break;
            default:
                ApplyToObject(instruction, state);
                break;
        }
        if (!instruction.IsPrefix)
            _constrained = null;
    }

    private void ApplyThroughAddress(IlInstruction instruction, FlowState state)
    {
        if (InstructionNames.FamilyOf(instruction.OpCode) is "ldind" or "ldobj")
        {
            FlowValue address = state.Pop();
            state.Push(new FlowValue(address.Own, address.Content, FlowTypes.ElementOf(address.Type)));
            return;
        }
        FlowValue stored = instruction.OpCode == OpCodes.Initobj ? FlowValue.Clean(null) : state.Pop();
        _fields.StoreThrough(state.Pop(), stored, instruction.Offset);
    }

    private void Return(IlInstruction instruction, FlowValue value)
    {
        _flow.Result.Assign(value);
        if (_body.Returns == typeof(bool) && value.Own is { } own)
            _flow.Truths.Add(new FlowCondition(instruction, own));
    }

    private void ApplyToVariable(IlInstruction instruction, FlowState state)
    {
        int number = InstructionNames.VariableOf(_body, instruction);
        string family = InstructionNames.FamilyOf(instruction.OpCode);
        if (family == "ldloc")
            state.Push(state.Locals[number]);
        else if (family == "ldloca")
            state.Push(_open[number].Value with { Type = _open[number].Type.MakeByRefType(), IsFresh = true });
        else if (family == "starg")
        {
            _flow.Arguments[number].Assign(state.Pop());
            _loops.Written(_flow.Arguments[number].Own, instruction.Offset);
        }
        else
        {
            FlowValue argument = _flow.Arguments[number].Value;
            bool isMaking = number == 0 && _flow.IsMaking;
            state.Push(
                family == "ldarga"
                    ? argument with
                    {
                        Type = argument.Type!.MakeByRefType(),
                        IsFresh = true,
                    }
                    : argument with
                    {
                        IsFresh = isMaking,
                    }
            );
        }
    }

    private void ApplyToObject(IlInstruction instruction, FlowState state)
    {
        OpCode code = instruction.OpCode;
        switch (InstructionNames.FamilyOf(code))
        {
            case "ldelem" or "ldelema":
                state.Push(ReadItem(instruction, state.Pop(), state.Pop()));
                break;
            case "stelem":
                WriteItem(instruction, state.Pop(3));
                break;
            case "ldlen":
                FlowValue counted = state.Pop();
                state.Push(new FlowValue(FlowNodes.Join(counted.All), null, typeof(long)));
                break;
            case "newarr":
                Type made = ((Type)_body.Member(instruction)).MakeArrayType();
                var content = new FlowNode();
                state.Pop().Own?.FlowTo(content, FlowEdge.Value);
                state.Push(new FlowValue(null, content, made, IsFresh: true));
                break;
            case "castclass" or "isinst" or "box" or "unbox":
                FlowValue same = state.Pop();
                state.Push(same with { Type = TypeOfSame(same, code, (Type)_body.Member(instruction)) });
                break;
            default:
                ApplyToNumbers(instruction, state);
                break;
        }
    }

    private FlowValue ReadItem(IlInstruction instruction, FlowValue index, FlowValue array)
    {
        OpCode code = instruction.OpCode;
        Type? item =
            code.OperandType == OperandType.InlineType ? (Type)_body.Member(instruction)
            : code == OpCodes.Ldelem_Ref ? FlowTypes.ElementOf(array.Type)
            : typeof(long);
        if (code != OpCodes.Ldelema)
            _flow.AddIndex(instruction, index, item);
        FlowValue found = FlowNodes.ItemOf(array, index, item);
        return code == OpCodes.Ldelema ? found with { Type = item!.MakeByRefType(), Content = array.Content } : found;
    }

    /// <summary>Stores in an array.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="taken">Array, index and value.</param>
    private void WriteItem(IlInstruction instruction, FlowValue[] taken)
    {
        FlowNodes.Put(taken[0], taken[2]);
        FlowNodes.Put(taken[0], FlowValue.Clean(null) with { Own = taken[1].Own }); // which item it is
        _loops.Written(taken[0].Content, instruction.Offset);
        taken[0].Content?.Mutate();
    }

    private static Type TypeOfSame(FlowValue same, OpCode code, Type type) =>
        code == OpCodes.Unbox ? type.MakeByRefType()
        : same.Type is { IsValueType: false } ? type
        : same.Type ?? type;

    /// <summary>Arithmetic, comparisons, conversions, literals, and whatever else: the result depends on what is taken.</summary>
    private static void ApplyToNumbers(IlInstruction instruction, FlowState state)
    {
        FlowValue[] taken = state.Pop(CountOf(instruction.OpCode.StackBehaviourPop));
        int given = CountOf(instruction.OpCode.StackBehaviourPush);
        if (given == 0)
            return;
        FlowNode? content = taken.Select(value => value.Content).FirstOrDefault(found => found is not null); // pointer arithmetic
        if (instruction.OpCode == OpCodes.Localloc)
            content = new FlowNode();
        Type? type = content is null ? typeof(long) : taken.Select(value => value.Type).FirstOrDefault(found => found is not null);
        state.Push(
            new FlowValue(FlowNodes.Join(taken.Select(value => value.Own).OfType<FlowNode>()), content, TypeOf(instruction.OpCode) ?? type)
        );
    }

    private static Type? TypeOf(OpCode code) => code == OpCodes.Ldstr ? typeof(string) : null;

    private static int CountOf(StackBehaviour behaviour) =>
        behaviour switch
        {
            StackBehaviour.Pop0 or StackBehaviour.Push0 or StackBehaviour.Varpop or StackBehaviour.Varpush => 0,
            _ => behaviour.ToString().Split('_').Length,
        };

    private void Open(int local)
    {
        if (!_open.ContainsKey(local))
            _open[local] = new FlowVariable(_body.Body.LocalVariables[local].LocalType);
    }

    private bool IsInFinally(int offset) =>
        _body.Body.ExceptionHandlingClauses.Any(clause =>
            clause.Flags is ExceptionHandlingClauseOptions.Finally or ExceptionHandlingClauseOptions.Fault
            && clause.HandlerOffset <= offset
            && offset < clause.HandlerOffset + clause.HandlerLength
        );
}
