using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Models;

namespace Speedup.Core.Tracing.Flow;

/// <summary>What comes out of a call, and what it does to its arguments.</summary>
internal sealed class CallRules(ICodeFlow program, MethodFlow flow, LoopRanges loops)
{
    private readonly PlatformRules _platform = new(program, loops);

    /// <summary>Carries a call, or the making of an object, out.</summary>
    public void Apply(IlInstruction instruction, MethodBase target, Type? constrained, FlowState state)
    {
        bool makes = instruction.OpCode == OpCodes.Newobj;
        FlowValue[] arguments = state.Pop(target.GetParameters().Length + (target.IsStatic || makes ? 0 : 1));
        if (target is ConstructorInfo constructor)
        {
            if (makes)
                state.Push(Make(constructor, arguments, instruction.Offset));
            else
                Construct(constructor, arguments, instruction.Offset);
            return;
        }
        var method = (MethodInfo)target;
        FlowValue result = Call(method, instruction, arguments, constrained);
        if (method.ReturnType != typeof(void))
            state.Push(result);
    }

    private FlowValue Call(MethodInfo target, IlInstruction instruction, FlowValue[] arguments, Type? constrained)
    {
        if (target.Name == "get_CurrentManagedThreadId" && FlowTypes.IsGenerated(flow.Body.Method.DeclaringType!))
            return FlowValue.Clean(target.ReturnType); // an iterator asks whether it may be its own enumerator
        MethodInfo actual = constrained is null ? target : VirtualCalls.Resolve(target, constrained) ?? target;
        CallKind kind = CallClassifier.Classify(target, instruction.OpCode);
        if (kind == CallKind.Function)
        {
            flow.Calls[instruction.Offset] = new FlowCall(target, arguments);
            return TorchRules.Function(target, arguments);
        }
        if (kind == CallKind.Module)
            return Module(target, arguments);
        NoteIndex(target, instruction, arguments);
        if (typeof(Delegate).IsAssignableFrom(target.DeclaringType) && target.Name == "Invoke")
            return Delegated(target, kind, arguments, instruction.Offset);
        bool isDirect = instruction.OpCode == OpCodes.Call || !program.User.IsVirtual(actual) || constrained is { IsValueType: true };
        bool isFollowed = kind == CallKind.Helper || program.User.HasBody(actual);
        if (isFollowed && isDirect && !actual.IsAbstract && program.ForCall(actual, arguments) is { } callee)
        {
            flow.Callees[instruction.Offset] = callee;
            return Through(callee, arguments);
        }
        if (CodeOrigin.IsTorch(target))
            return TorchRules.Plain(target, arguments);
        if (kind == CallKind.VirtualHelper || program.User.IsVirtual(target))
        {
            FlowValue found = Through(program.Virtual(target), arguments);
            return program.User.Owns(target) ? found : FlowNodes.Either(found, _platform.Call(target, arguments, instruction.Offset));
        }
        return _platform.Call(target, arguments, instruction.Offset);
    }

    private void NoteIndex(MethodInfo target, IlInstruction instruction, FlowValue[] arguments)
    {
        if (
            target is { IsStatic: false, Name: "get_Item" }
            && arguments is [_, var index]
            && IsIndex(target.GetParameters()[0].ParameterType)
        )
            flow.AddIndex(instruction, index, target.ReturnType);
    }

    private FlowValue Delegated(MethodInfo target, CallKind kind, FlowValue[] arguments, int offset)
    {
        FlowValue returned = Through(program.Delegates(target.DeclaringType!), arguments[1..]);
        bool isTraced = kind == CallKind.Delegate; // then it is known by the end what it runs
        return isTraced ? returned : FlowNodes.Either(returned, _platform.Call(target, arguments, offset));
    }

    private static bool IsIndex(Type type) => type == typeof(int) || type == typeof(long);

    private static FlowValue Through(FlowSignature signature, FlowValue[] arguments)
    {
        signature.Connect(arguments);
        return signature.Result.Value;
    }

    private FlowValue Module(MethodInfo target, FlowValue[] arguments)
    {
        for (int i = 1; i < arguments.Length; i++)
        {
            Type type = target.GetParameters()[i - 1].ParameterType;
            if (!FlowTypes.IsTensor(type))
                program.ModuleArgument(i, type).Assign(arguments[i]);
        }
        return FlowTypes.IsTensor(target.ReturnType)
            ? TorchRules.Computed(target.ReturnType, arguments)
            : program.ModuleArgument(0, target.ReturnType).Value;
    }

    private FlowValue Make(ConstructorInfo constructor, FlowValue[] arguments, int offset)
    {
        Type type = constructor.DeclaringType!;
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            if (arguments is [var target, { Pointed: { } method }])
                AddMade(program.LinkDelegate(type, method, method.IsStatic ? null : target));
            return new FlowValue(null, arguments[0].Content, type, IsFresh: true);
        }
        if (!program.User.Owns(constructor))
            return _platform.Make(constructor, arguments);
        foreach (MethodFlow piece in program.PiecesOf(type))
            AddMade(piece);
        var made = new FlowVariable(type);
        if (FlowTypes.HasContent(type))
            FlowVariable.Alias(program.ContentOf(type), made.Content);
        FlowValue instance = made.Value with { IsFresh = true };
        Construct(constructor, [instance, .. arguments], offset);
        return instance;
    }

    private void AddMade(MethodFlow? made)
    {
        if (made is not null)
            flow.Made.Add(made);
    }

    private void Construct(ConstructorInfo constructor, FlowValue[] arguments, int offset)
    {
        if (program.User.Owns(constructor) && program.ForCall(constructor, arguments) is { } callee)
        {
            flow.Callees[offset] = callee;
            callee.Connect(arguments);
        }
        else if (arguments.Length > 1)
            PlatformRules.Fill(arguments[0], arguments[1..]);
    }
}
