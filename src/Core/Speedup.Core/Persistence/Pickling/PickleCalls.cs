namespace Speedup.Core.Persistence.Pickling;

/// <summary>What the calls of a pickle come to; all of them only make plain values.</summary>
internal static class PickleCalls
{
    /// <summary>Puts key-value pairs into a dict.</summary>
    public static void SetItems(PickleDict dict, object?[] pairs, FileErrors errors)
    {
        if (pairs.Length % 2 != 0)
            throw errors.BadPickle("a dict with a key that has no value");
        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] is not (string or long))
                throw errors.BadPickle($"a dict key that is neither text nor a whole number ({pairs[i]?.GetType().Name ?? "None"})");
            if (!dict.Items.TryAdd(pairs[i]!, pairs[i + 1]))
                throw errors.BadPickle($"a dict with the key '{Quoted.Text(pairs[i]!.ToString()!)}' twice");
        }
    }

    /// <summary>The value of a call of a global.</summary>
    public static object Reduce(GlobalToken callee, PickleTuple arguments, FileErrors errors)
    {
        object?[] items = arguments.Items;
        switch (callee.Kind)
        {
            case PickleGlobal.OrderedDict when items.Length == 0:
                return new PickleDict([], IsOrderedDict: true);
            case PickleGlobal.DefaultDict when items is [] or [GlobalToken { Kind: PickleGlobal.Dict }]:
                return new PickleDict([]);
            case PickleGlobal.RebuildTensor when items.Length is 6 or 7:
                return TensorArguments.Tensor(items, errors);
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
