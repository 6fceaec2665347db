namespace Speedup.TestKit.Handlers;

/// <summary>Channels that go together or not at all.</summary>
internal sealed class ChannelGroups
{
    private readonly List<int> _parents = [];
    private readonly List<bool> _removable = [];

    /// <summary>Adds a channel.</summary>
    /// <returns>Its number.</returns>
    public int Add(bool removable)
    {
        _parents.Add(_parents.Count);
        _removable.Add(removable);
        return _parents.Count - 1;
    }

    public void Tie(int first, int second)
    {
        int a = RootOf(first);
        int b = RootOf(second);
        _parents[a] = b;
        _removable[b] = _removable[a] && _removable[b];
    }

    /// <summary>Whether two channels go together.</summary>
    public bool AreTied(int first, int second) => RootOf(first) == RootOf(second);

    /// <summary>Whether a channel and all that go with it are removable.</summary>
    public bool CanGo(int channel) => _removable[RootOf(channel)];

    /// <summary>The channel that stands for all that go with one.</summary>
    public int RootOf(int channel)
    {
        while (_parents[channel] != channel)
            channel = _parents[channel];
        return channel;
    }
}
