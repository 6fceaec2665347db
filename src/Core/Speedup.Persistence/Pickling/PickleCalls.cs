namespace Speedup.Persistence.Pickling;

/// <summary>What the calls of a pickle come to; all of them only make plain values.</summary>
internal static class PickleCalls
{
    /// <summary>The value of a call of a global.</summary>
    public static object Reduce(GlobalToken callee, PickleTuple arguments, LoadBudget budget, FileErrors errors)
    {
        object?[] items = arguments.Items;
        if (callee.Kind is PickleGlobal.OrderedDict or PickleGlobal.DefaultDict)
            budget.Charge(2 * LoadBudget.Small);
        switch (callee.Kind)
        {
            case PickleGlobal.OrderedDict when items.Length == 0:
                return new PickleDict(isOrderedDict: true);
            case PickleGlobal.DefaultDict when items is [] or [GlobalToken { Kind: PickleGlobal.Dict }]:
                return new PickleDict();
            case PickleGlobal.RebuildTensor when items.Length is 6 or 7:
                return TensorArguments.Tensor(items, budget, errors);
            case PickleGlobal.RebuildParameter when items is [TensorRef tensor, bool, PickleDict { Items.Count: 0 }]:
                return tensor;
            default:
                throw errors.BadPickle($"a call of {callee.Kind} with {items.Length} arguments that do not fit it");
        }
    }

    /// <summary>Sets attributes of an OrderedDict. PyTorch keeps its <c>_metadata</c> there; it is not needed.</summary>
    public static void Build(PickleDict target, object? state, FileErrors errors)
    {
        if (!target.IsOrderedDict || state is not PickleDict)
            throw errors.BadPickle("attributes set on something other than an OrderedDict");
    }
}
