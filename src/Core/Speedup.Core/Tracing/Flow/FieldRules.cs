using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Graph;

namespace Speedup.Core.Tracing.Flow;

/// <summary>
/// Fields of user code, told apart by their declaration. One that is written, other than in an object that the same method makes, is
/// state: the next pass may find in it what this one left.
/// </summary>
internal sealed class FieldRules(ICodeFlow program, MethodBase method, LoopRanges loops)
{
    /// <summary>Carries a load or store of a field out.</summary>
    public void Apply(IlInstruction instruction, FieldInfo field, FlowState state)
    {
        OpCode code = instruction.OpCode;
        bool stores = code == OpCodes.Stfld || code == OpCodes.Stsfld;
        FlowValue stored = stores ? state.Pop() : default;
        FlowValue owner = field.IsStatic ? FlowValue.Clean(null) : state.Pop();
        bool isAddress = code == OpCodes.Ldflda || code == OpCodes.Ldsflda;
        if (!stores)
            state.Push(Load(field, owner, isAddress));
        else if (!IsProgress(field))
            Store(field, owner, stored, instruction.Offset);
    }

    /// <summary>Whether a field says how far an iterator has got, and on which thread: that follows from its code.</summary>
    private static bool IsProgress(FieldInfo field) => field.Name is "<>1__state" or "<>l__initialThreadId";

    /// <summary>Stores through an address.</summary>
    public void StoreThrough(FlowValue address, FlowValue stored, int offset)
    {
        if (address.Own is { } own)
            stored.Own?.FlowTo(own, FlowEdge.Value);
        if (!ReferenceEquals(address.Own, address.Content))
            FlowNodes.Put(address, stored);
        loops.Written(address.Own, offset);
        if (address is { IsField: true, IsFresh: false })
            address.Own?.Add(ConditionKind.State);
        if (!address.IsFresh)
            address.Content?.Mutate();
    }

    private FlowValue Load(FieldInfo field, FlowValue owner, bool isAddress)
    {
        Type type = isAddress ? field.FieldType.MakeByRefType() : field.FieldType;
        if (IsProgress(field))
            return FlowValue.Clean(type);
        if (!program.User.Owns(field.DeclaringType!))
        {
            FlowValue part = FlowNodes.ItemOf(owner, FlowValue.Clean(null), field.FieldType);
            return isAddress ? owner with { Type = type } : part; // the address of a part stands for the whole
        }
        FlowVariable variable = program.Field(field);
        if (isAddress)
            return variable.Value with { Type = type, IsFresh = owner.IsFresh, IsField = IsLasting(field) };
        FlowNode own = owner.Own is null ? variable.Own : FlowNodes.Join([variable.Own, owner.Own])!;
        return new FlowValue(own, variable.Content, type);
    }

    private void Store(FieldInfo field, FlowValue owner, FlowValue stored, int offset)
    {
        if (!program.User.Owns(field.DeclaringType!))
        {
            StoreThrough(owner, stored, offset);
            return;
        }
        FlowVariable variable = program.Field(field);
        variable.Assign(stored);
        loops.Written(variable.Own, offset);
        FlowNodes.Put(owner, FlowValue.Clean(stored.Type) with { Own = stored.Own });
        if (!owner.IsFresh && IsLasting(field) && method is not ConstructorInfo { IsStatic: true })
            variable.Own.Add(ConditionKind.State);
    }

    private static bool IsLasting(FieldInfo field) => !FlowTypes.IsGenerated(field.DeclaringType!);
}
