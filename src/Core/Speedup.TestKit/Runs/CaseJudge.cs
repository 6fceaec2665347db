using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit.Runs;

/// <summary>Holds what the handler says in one case of float64 against brute force, in an order in which each finding rests on those before.</summary>
internal sealed class CaseJudge
{
    private const int LeastNumbers = 64;
    private const int MostProbes = 12;
    private readonly KitCase _kit;
    private readonly HostNetwork _masked;
    private readonly HandlerLog _log;
    private readonly Observation[] _seen;
    private readonly RemovableChannels _channels;
    private readonly IReadOnlyList<RemovablePort> _ports;

    public CaseJudge(KitCase kit, HostNetwork masked, HandlerLog log)
    {
        _kit = kit;
        _masked = masked;
        _log = log;
        _seen = [.. Observe()];
        _channels = new RemovableChannels(masked, _seen, kit.Subject.Blocks);
        _ports = _channels.Find(kit.Draw(Purpose.Disturbances));
    }

    /// <summary>Has each replacement looked at when it is built.</summary>
    public void WatchReplacements()
    {
        Observation example = Observation.Of(_masked, _kit.MakeInputs(_kit.Draw(Purpose.Example), size: 0));
        _log.Judge = new ReplacementJudge(_kit.Subject.Call, _masked.Subject, example, _log);
    }

    /// <summary>What the handler does wrong; null where nothing. The facts first, then the ties: only where they hold another function can be at fault.</summary>
    public Finding? FindCause()
    {
        if (_log.Settled is not { } settled || (_kit.Subject.ModuleType is null && !ReplacementJudge.IsSeen(settled, _seen[0])))
            return null;
        return new FactCheck(settled, inputs => Observation.From(_masked, inputs).Results, _seen, _log).FindWrongClaim(
                _kit.Draw(Purpose.Disturbances)
            )
            ?? WrongTie()
            ?? _log.WrongReplacement;
    }

    /// <summary>Counts what could go, what went, and why the rest stayed.</summary>
    public void CountChannels(HostNetwork small, SpeedupReport report, Tally tally)
    {
        int removable = _ports.Sum(port => port.Count);
        int excused = report.Kept.Where(kept => kept.Cause is KeepCause.Carrier or KeepCause.EqualGroups).Sum(kept => kept.Indices.Count);
        int removed =
            _masked.Sources.Zip(small.Sources).Sum(pair => (pair.First?.OutChannels ?? 0) - (pair.Second?.OutChannels ?? 0))
            + _masked.Sinks.Zip(small.Sinks).Sum(pair => (pair.First?.InChannels ?? 0) - (pair.Second?.InChannels ?? 0));
        tally.Count(Math.Max(0, removable - excused), removed);
        RemovablePort[] missed =
            removed < removable - excused ? [.. _ports.Where(port => port.CountRemoved(_masked, small) < port.Count)] : [];
        if (missed.Length > 0)
            NoteMissed(missed, tally);
        if (_masked.Subject is { } before && CountEntries(small.Subject!) < CountEntries(before))
            tally.CountShrunk();
    }

    private void NoteMissed(RemovablePort[] missed, Tally tally)
    {
        tally.NoteMissed(_kit, missed);
        var causes = new MissedCause(_log, _channels, _masked, _seen[0]);
        Values values = _kit.Draw(Purpose.Disturbances);
        var found =
            from port in missed
            from index in port.Indices
            let cause = causes.Find(port.Reference, index, values)
            where cause is not null
            group cause by (cause.Function, cause.Axis);
        foreach (var alike in found)
            tally.NoteCause(_kit, alike.First() with { Indices = [.. alike.SelectMany(cause => cause.Indices).Distinct().Order()] });
    }

    /// <summary>What a weight mixes is local only for its masks' sake, and need not go together.</summary>
    private Finding? WrongTie() =>
        _masked.Subject?.parameters().Any(parameter => parameter.dim() > 1) == true ? null : TieCheck.Find(_log, _channels);

    /// <summary>Every size, and the traced one until each channel has shown enough numbers.</summary>
    private IEnumerable<Observation> Observe()
    {
        Values values = _kit.Draw(Purpose.Probes);
        KitInput input = _kit.Subject.Inputs[0];
        long perChannel = input.Shape.Aggregate(1L, (a, b) => a * b) / Math.Max(1, input.Shape[input.AxisFromFront]);
        long count = Math.Clamp(LeastNumbers / Math.Max(1, perChannel), 2, MostProbes);
        for (int i = 0; i < count; i++)
            yield return Observation.Of(_masked, _kit.MakeInputs(values, size: 0));
        for (int size = 1; size <= input.OtherShapes.Count; size++)
            yield return Observation.Of(_masked, _kit.MakeInputs(values, size));
    }

    private static long CountEntries(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return module.parameters().Sum(parameter => parameter.numel());
    }
}
