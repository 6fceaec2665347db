namespace Speedup.Core.Plugins;

/// <summary>Who handles what: the first to claim a key has it.</summary>
/// <typeparam name="TKey">Module type or function.</typeparam>
/// <typeparam name="THandler">Kind of handler.</typeparam>
internal sealed class ClaimTable<TKey, THandler>
    where TKey : notnull
    where THandler : class
{
    private readonly Dictionary<TKey, (THandler Handler, string? Owner)> _claims = [];

    /// <summary>All claims that were granted.</summary>
    public IEnumerable<(TKey Key, THandler Handler, string? Owner)> Granted => _claims.Select(c => (c.Key, c.Value.Handler, c.Value.Owner));

    /// <summary>Grants a key to a handler unless another handler has it.</summary>
    /// <param name="key">What is claimed.</param>
    /// <param name="handler">Who claims it.</param>
    /// <param name="owner">The handler's plugin; null for the host itself.</param>
    /// <param name="holder">The plugin that has it; null for the host itself.</param>
    public bool TryClaim(TKey key, THandler handler, string? owner, out string? holder)
    {
        if (_claims.TryGetValue(key, out (THandler Handler, string? Owner) held))
        {
            holder = held.Owner;
            return ReferenceEquals(held.Handler, handler);
        }
        _claims.Add(key, (handler, owner));
        holder = owner;
        return true;
    }

    /// <summary>The handler of a key, or null.</summary>
    public THandler? Find(TKey key) => _claims.TryGetValue(key, out (THandler Handler, string? Owner) held) ? held.Handler : null;
}
