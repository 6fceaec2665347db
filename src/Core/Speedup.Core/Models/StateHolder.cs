using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>Something that holds values: the fields of an object, a collection.</summary>
internal abstract class StateHolder
{
    /// <summary>What it held, and is to hold again.</summary>
    public abstract IReadOnlyList<object?> Values { get; }

    /// <summary>Where a value is, for people.</summary>
    public abstract string NameOf(int index);

    /// <summary>What it holds now.</summary>
    public abstract IReadOnlyList<object?> Read();

    /// <summary>Lets it hold what it held.</summary>
    public abstract void Write();

    /// <summary>The places with another value than they held; the first where there are more or fewer.</summary>
    /// <param name="now">What it holds now.</param>
    /// <param name="isLike">Whether a tensor is as good as the one that it held.</param>
    public virtual IReadOnlyList<int> FindChanges(IReadOnlyList<object?> now, Func<Tensor, Tensor, bool> isLike)
    {
        if (now.Count != Values.Count)
            return [0];
        List<int> changes = [];
        for (int i = 0; i < now.Count; i++)
        {
            if (Structure.AreSame(now[i], Values[i]) || (Values[i] is Tensor held && now[i] is Tensor other && isLike(held, other)))
                continue;
            changes.Add(i);
        }
        return changes;
    }
}
