using Speedup.Abstractions;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>
/// Finds by brute force which channels at the subject's inputs and outputs could go: those that are the same number on all inputs of all
/// sizes, and those whose disturbance nobody notices. Where an output depends on one or two channels of an input only, these are taken to
/// go together with it, as in an activation or a depthwise convolution. Channels of a block go together, too.
/// </summary>
internal sealed class RemovableChannels(HostNetwork masked, IReadOnlyList<Observation> observations, (int Input, int Output) blocks)
{
    private const double Tolerance = 1e-12;
    private const int MostLocal = 2;

    // held here: TorchSharp lets the collector free a number while the native library reads it, which so many calls do meet
    private static readonly Scalar One = 1.0;
    private static readonly Scalar Relative = Tolerance;
    private static readonly double[] Disturbances = [2, -2, 7, -7];
    private readonly ChannelGroups _groups = new();
    private readonly List<(AxisRef Input, int From, AxisRef Output, int To)> _pairs = [];
    private readonly Dictionary<AxisRef, bool[]> _constant = [];
    private readonly Dictionary<AxisRef, bool[]> _changes = [];
    private readonly Dictionary<AxisRef, bool[]> _removable = [];

    /// <summary>
    /// Indices of an input and an output that must go together: along these axes each index of the output is computed from one of the input, and from
    /// each of the input one.
    /// </summary>
    public IReadOnlyList<(AxisRef Input, int From, AxisRef Output, int To)> Pairs => _pairs;

    /// <summary>Whether an index was the same number on all inputs of all sizes.</summary>
    public bool IsConstant(AxisRef axis, int index) => _constant[axis][index];

    /// <summary>Whether an index could go for itself: it is constant, or nobody notices what it is. False for axes that are not looked at.</summary>
    public bool CouldGo(AxisRef axis, int index) => _removable.TryGetValue(axis, out bool[]? removable) && removable[index];

    /// <summary>Whether the subject's outputs change with an index of an input, read or not.</summary>
    public bool ChangesOutputs(AxisRef input, int index) => _changes[input][index];

    /// <summary>Finds them, port by port; the count is less by one (or one block) where all channels of a tensor could go.</summary>
    public IReadOnlyList<RemovablePort> Find(Values values)
    {
        var ports = new List<(bool IsInput, int Position, int Axis, int[] Channels, int Block)>();
        for (int q = 0; q < masked.Sinks.Count; q++)
        {
            if (masked.Sinks[q] is not { } sink)
                continue;
            bool[] constant = ReadConstant(observations.Select(seen => seen.Outputs[q]), sink.Axis);
            bool[] unread = sink.ReadUnread();
            _constant[AxisRef.OfOutput(q, sink.Axis)] = constant;
            _removable[AxisRef.OfOutput(q, sink.Axis)] = [.. constant.Select((isConstant, i) => isConstant || unread[i])];
            int[] port = AddPort(_removable[AxisRef.OfOutput(q, sink.Axis)], blocks.Output);
            ports.Add((IsInput: false, q, sink.Axis, port, blocks.Output));
        }
        int[][] outputs = [.. ports.Select(port => port.Channels)];
        for (int p = 0; p < masked.Sources.Count; p++)
        {
            if (masked.Sources[p] is not { } source)
                continue;
            bool[] constant = ReadConstant(observations.Select(seen => seen.Inputs[p]), source.Axis);
            bool[][][] reached = [.. Enumerable.Range(0, constant.Length).Select(i => Disturb(p, source.Axis, i, values))];
            _removable[AxisRef.OfInput(p, source.Axis)] = [.. constant.Select((isConstant, i) => isConstant || !reached[i][^1][0])];
            int[] port = AddPort(_removable[AxisRef.OfInput(p, source.Axis)], blocks.Input);
            ports.Add((IsInput: true, p, source.Axis, port, blocks.Input));
            _constant[AxisRef.OfInput(p, source.Axis)] = constant;
            _changes[AxisRef.OfInput(p, source.Axis)] = [.. reached.Select(of => of[..^1].Any(output => output.Contains(true)))];
            TieLocal(port, outputs, reached);
            FindPairs(AxisRef.OfInput(p, source.Axis), reached);
        }
        return
        [
            .. ports.Select(port =>
            {
                int[] indices = [.. Enumerable.Range(0, port.Channels.Length).Where(i => _groups.CanGo(port.Channels[i]))];
                int count = Math.Min(indices.Length, port.Channels.Length - port.Block);
                return new RemovablePort(port.IsInput, port.Position, port.Axis, indices, count);
            }),
        ];
    }

    private int[] AddPort(IEnumerable<bool> removable, int block)
    {
        int[] channels = [.. removable.Select(_groups.Add)];
        for (int i = 0; i < channels.Length; i++)
            _groups.Tie(channels[i], channels[i / block * block]);
        return channels;
    }

    /// <summary>For each output which of its channels change with one channel of an input, and last whether the network's output does.</summary>
    private bool[][] Disturb(int position, int axis, int index, Values values)
    {
        Observation seen = observations[0];
        bool[][] reached = [.. masked.Sinks.Select(sink => new bool[sink?.InChannels ?? 0]), new bool[1]];
        long[] shape = [.. seen.Inputs[position].shape];
        shape[axis] = 1;
        foreach (double scale in Disturbances)
        {
            using var scope = NewDisposeScope();
            Tensor other = seen.Inputs[position].clone();
            other.narrow(axis, index, 1).copy_(values.Normal(shape, other.dtype).abs() * scale);
            Observation now = Observation.From(masked, [.. seen.Inputs.Select((input, p) => p == position ? other : input)]);
            for (int q = 0; q < masked.Sinks.Count; q++)
            {
                if (masked.Sinks[q] is { } sink)
                    Mark(reached[q], Differs(seen.Outputs[q], now.Outputs[q], sink.Axis));
            }
            reached[^1][0] |= OutputError.Between(seen.Results, now.Results) > Tolerance;
            if (reached[^1][0])
                break;
        }
        return reached;
    }

    private void TieLocal(int[] port, int[][] outputs, bool[][][] reached)
    {
        for (int q = 0, k = 0; q < masked.Sinks.Count; q++)
        {
            if (masked.Sinks[q] is null)
                continue;
            int[] output = outputs[k++];
            int most = Enumerable.Range(0, output.Length).Max(o => port.Where((_, i) => reached[i][q][o]).Count());
            if (most > Math.Max(MostLocal, blocks.Input) || port.Length <= MostLocal)
                continue;
            for (int i = 0; i < port.Length; i++)
            for (int o = 0; o < output.Length; o++)
            {
                if (reached[i][q][o])
                    _groups.Tie(port[i], output[o]);
            }
        }
    }

    private void FindPairs(AxisRef input, bool[][][] reached)
    {
        for (int q = 0; q < masked.Sinks.Count; q++)
        {
            int[][] targets = [.. reached.Select(of => Enumerable.Range(0, of[q].Length).Where(o => of[q][o]).ToArray())];
            bool isBijection =
                Array.TrueForAll(targets, to => to.Length == 1) && targets.Select(to => to[0]).Distinct().Count() == targets.Length;
            if (masked.Sinks[q] is not { } sink || !isBijection || sink.InChannels != targets.Length)
                continue;
            for (int i = 0; i < targets.Length; i++)
                _pairs.Add((input, i, AxisRef.OfOutput(q, sink.Axis), targets[i][0]));
        }
    }

    private static void Mark(bool[] marks, bool[] more)
    {
        for (int i = 0; i < marks.Length; i++)
            marks[i] |= more[i];
    }

    private static bool[] ReadConstant(IEnumerable<Tensor> values, int axis)
    {
        using var scope = NewDisposeScope();
        Tensor rows = cat([.. values.Select(value => Rows(value, axis))], 1);
        Tensor first = rows.narrow(1, 0, 1);
        return (rows - first).abs().le(Bound(first)).all(1).data<bool>().ToArray();
    }

    private static bool[] Differs(Tensor first, Tensor second, int axis)
    {
        using var scope = NewDisposeScope();
        Tensor a = Rows(first, axis);
        Tensor b = Rows(second, axis);
        return ((a - b).abs().le(Bound(a)) | a.eq(b) | (a.ne(a) & b.ne(b))).logical_not().any(1).data<bool>().ToArray();
    }

    private static Tensor Bound(Tensor value) => value.abs().add(One).mul(Relative);

    private static Tensor Rows(Tensor value, int axis) => value.transpose(0, axis).reshape(value.shape[axis], -1);
}
