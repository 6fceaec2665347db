using System.Reflection;
using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.TestKit.Checks;

/// <summary>Passes on what a handler relates, and remembers it.</summary>
internal sealed class TieRecorder(IRelations inner) : IRelations
{
    private readonly ChannelGroups _groups = new();
    private readonly Dictionary<(AxisRef Axis, int Index), int> _channels = [];
    private readonly HashSet<AxisRef> _claimed = [];

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public ConstantPolicy Policy => inner.Policy;

    /// <inheritdoc/>
    public torch.nn.Module? Module => inner.Module;

    /// <inheritdoc/>
    public MethodInfo? Method => inner.Method;

    /// <inheritdoc/>
    public int InputCount => inner.InputCount;

    /// <inheritdoc/>
    public int OutputCount => inner.OutputCount;

    /// <summary>Whether two axes can both change, and an index of one goes without an index of the other.</summary>
    public bool AreApart(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        _claimed.Contains(FromFront(first))
        && _claimed.Contains(FromFront(second))
        && !_groups.AreTied(ChannelOf(first, firstIndex), ChannelOf(second, secondIndex));

    /// <inheritdoc/>
    public TensorFacts Input(int position) => inner.Input(position);

    /// <inheritdoc/>
    public TensorFacts Output(int position) => inner.Output(position);

    /// <inheritdoc/>
    public bool IsRead(int position) => inner.IsRead(position);

    /// <inheritdoc/>
    public string? FindNarrowPlace(Type moduleType) => inner.FindNarrowPlace(moduleType);

    /// <inheritdoc/>
    public ParameterFacts? FindParameter(string name) => inner.FindParameter(name);

    /// <inheritdoc/>
    public object? FindArgument(string name) => inner.FindArgument(name);

    /// <inheritdoc/>
    public AxisFacts Facts(AxisRef axis) => inner.Facts(axis);

    /// <inheritdoc/>
    public void Tie(AxisRef first, AxisRef second)
    {
        inner.Tie(first, second);
        for (int i = 0; i < inner.Facts(first).Length; i++)
            Remember(first, i, second, i);
    }

    /// <inheritdoc/>
    public void Tie(AxisRef first, int firstIndex, AxisRef second, int secondIndex)
    {
        inner.Tie(first, firstIndex, second, secondIndex);
        Remember(first, firstIndex, second, secondIndex);
    }

    /// <inheritdoc/>
    public void Release(AxisRef axis)
    {
        inner.Release(axis);
        _claimed.Add(FromFront(axis));
    }

    private void Remember(AxisRef first, int firstIndex, AxisRef second, int secondIndex)
    {
        _claimed.Add(FromFront(first));
        _claimed.Add(FromFront(second));
        _groups.Tie(ChannelOf(first, firstIndex), ChannelOf(second, secondIndex));
    }

    private int ChannelOf(AxisRef axis, int index)
    {
        (AxisRef, int) key = (FromFront(axis), index);
        if (!_channels.TryGetValue(key, out int channel))
            _channels[key] = channel = _groups.Add(removable: true);
        return channel;
    }

    private AxisRef FromFront(AxisRef axis) =>
        axis.Axis >= 0 ? axis
        : axis.Kind == PortKind.Input ? axis with { Axis = inner.Input(axis.Position).Normalize(axis.Axis) }
        : axis.Kind == PortKind.Output ? axis with { Axis = inner.Output(axis.Position).Normalize(axis.Axis) }
        : axis with { Axis = inner.FindParameter(axis.Parameter!)!.Facts.Normalize(axis.Axis) };
}
