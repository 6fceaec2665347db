using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;

namespace Speedup.Core.Pipeline;

/// <summary>
/// What attempts have found out about sizes in the user's code. A size in a field is given its new value, if the model then gets
/// further; any other size is left as it is, and the channels that it counts are kept.
/// </summary>
internal sealed class FixedSizes(OperatorGraph graph, IReadOnlyList<Pinned> pins, bool mayChangeFields)
{
    private readonly PinSet _pins = new(graph, pins);
    private readonly HashSet<(int Node, string Path)> _tried = [];
    private readonly List<WidthField> _fields = [];
    private Guess? _guess;

    /// <summary>Axes that must not change.</summary>
    public IReadOnlyList<Pinned> Pins => _pins.All;

    /// <summary>Fields that get a new width.</summary>
    public IReadOnlyList<WidthField> Fields => _guess is null ? _fields : [.. _fields, .. _guess.Fields];

    /// <summary>Learns from an attempt that did not do what its plan says.</summary>
    /// <returns>Whether there is anything left to try.</returns>
    public bool Learn(Attempt attempt, TraceMismatch? mismatch)
    {
        int node = mismatch?.NodeId ?? graph.Operators.Count;
        if (_guess is not null && node > _guess.Node)
            _fields.AddRange(_guess.Fields); // it got further: the guess was right
        else if (_guess is { } wrong)
            return Forget(wrong);
        _guess = null;
        bool ranPast = node < attempt.SmallGraph.Nodes.Count; // it went astray here, and failed, if at all, later on
        string path =
            attempt.Failure is null || ranPast
                ? graph.Operators[Math.Min(node, graph.Operators.Count - 1)].Node.ModulePath
                : attempt.FailedPath;
        if (mayChangeFields && _tried.Add((node, path)))
        {
            IReadOnlyList<WidthField> fields =
            [
                .. WidthFieldSearch
                    .Find(graph, attempt.Plan, node, path)
                    .Where(field => !_fields.Exists(known => known.Field == field.Field && ReferenceEquals(known.Owner, field.Owner))),
            ];
            if (fields.Count > 0)
            {
                _guess = new Guess(node, fields, mismatch, attempt.Failure, attempt.Plan);
                return true;
            }
        }
        return _pins.Add(mismatch, attempt.Failure, attempt.Plan);
    }

    /// <summary>The guess did not help: keep what the first failure pointed at.</summary>
    private bool Forget(Guess wrong)
    {
        _guess = null;
        return _pins.Add(wrong.Mismatch, wrong.Failure, wrong.Plan);
    }

    private sealed record Guess(int Node, IReadOnlyList<WidthField> Fields, TraceMismatch? Mismatch, Exception? Failure, RemovalPlan Plan);
}
