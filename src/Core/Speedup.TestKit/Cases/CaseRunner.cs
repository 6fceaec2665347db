using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Masks;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Core.Reporting;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Networks;
using static TorchSharp.torch;

namespace Speedup.TestKit.Cases;

/// <summary>Runs cases of one subject through an engine of its own.</summary>
internal sealed class CaseRunner : IDisposable
{
    /// <summary>One case in so many is also run a second time, and once with a failure.</summary>
    private const int Repeats = 8;
    private const int LeastNumbers = 64;
    private const int MostProbes = 12;

    private readonly KitSubject _subject;
    private readonly SubjectShape _shape;
    private readonly ObservedHandler? _observed;
    private readonly ServiceProvider _services;
    private readonly IModelSpeedup _engine;

    public CaseRunner(KitSubject subject, HandlerRegistry handlers)
    {
        _subject = subject;
        _shape = SubjectShape.Read(subject);
        if (subject.ModuleType is { } type && handlers.FindModuleHandler(type) is { } handler)
            _observed = new ObservedHandler(handler, type);
        IModuleHandler[] own = _observed is null ? [new ChannelMixHandler()] : [new ChannelMixHandler(), _observed];
        _services = new ServiceCollection().AddSingleton(handlers.With(own, [])).AddSpeedup().BuildServiceProvider();
        _engine = _services.GetRequiredService<IModelSpeedup>();
    }

    /// <summary>Runs the case of a seed in float64, and in float32 where it is its turn.</summary>
    public void Run(int seed, Tally tally)
    {
        foreach (ScalarType type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            if (type == ScalarType.Float32 && seed % _subject.Float32Every != 0)
                continue;
            var kit = new KitCase(_subject, _shape, seed, type);
            long live = LiveTensors.Count;
            Run(kit, tally);
            if (LiveTensors.Count > live)
                tally.Add(kit, KitFaultKind.Disposal, $"{LiveTensors.Count - live} tensors are left alive after the model was disposed.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _services.Dispose();

    private void Run(KitCase kit, Tally tally)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using HostNetwork network = kit.Build();
        using var originals = new OriginalTensors(network);
        using MaskSet masks = RandomMasks.Draw(kit, network);
        using HostNetwork masked = kit.BuildMasked(masks);
        if (kit.Seed % Repeats == 0)
            new FailureCheck(_engine, _observed, kit, masks).Run(tally);
        _observed?.Reset();
        var flags = new ModelFlags(network);
        IReadOnlyList<(string, Tensor)> before = Bits.Copy(network);
        JudgeReplacements(kit, masked);
        (SpeedupReport? report, SpeedupException? failure) = Speed(kit, network, masks);
        foreach ((KitFaultKind kind, string message) in _observed?.Findings ?? [])
            tally.Add(kit, kind, message);
        Observation[] seen = kit.Type == ScalarType.Float64 ? [.. Observe(kit, masked)] : [];
        CheckHandler(kit, masked, seen, failure, tally);
        if (flags.FindChange(network) is { } flag)
            tally.Add(kit, KitFaultKind.StatePreservation, $"{flag}.");
        if (report is null)
        {
            if (Bits.FindChange(before, network) is { } changed)
                tally.Add(kit, KitFaultKind.StatePreservation, $"The speedup failed, and '{changed}' is no longer what it was.");
            return;
        }
        if (kit.Seed % Repeats == 1)
            CheckRepeat(kit, network, masks, tally);
        network.eval();
        CompareOutputs(kit, masked, network, tally);
        if (seen.Length > 0)
            CountChannels(kit, masked, network, seen, report, tally);
    }

    private void JudgeReplacements(KitCase kit, HostNetwork masked)
    {
        if (_observed is null || kit.Type != ScalarType.Float64)
            return;
        Observation seen = Observation.Of(masked, kit.MakeInputs(kit.Draw(Purpose.Example), size: 0));
        _observed.Judge = new ReplacementCheck((module, inputs) => _subject.Call(module, inputs), seen).Find;
    }

    /// <summary>The facts first: only where they hold another function can be told to be at fault.</summary>
    private void CheckHandler(KitCase kit, HostNetwork masked, Observation[] seen, SpeedupException? failure, Tally tally)
    {
        string? claim =
            seen.Length > 0 && _observed?.Settled is { } settled
                ? new FactCheck(settled, masked, seen).FindWrongClaim(kit.Draw(Purpose.Disturbances))
                : null;
        if (claim is not null)
            tally.Add(kit, KitFaultKind.Soundness, claim);
        if (failure is not null)
            AddFailure(kit, failure, hasWrongClaim: claim is not null, tally);
        else if (claim is null && _observed?.WrongReplacement is { } wrong)
            tally.Add(kit, KitFaultKind.Soundness, $"{_observed.Inner.GetType().FullName}: {wrong}");
    }

    private (SpeedupReport? Report, SpeedupException? Failure) Speed(KitCase kit, HostNetwork network, MaskSet masks)
    {
        try
        {
            return (kit.Speed(_engine, network, masks), null);
        }
        catch (SpeedupException failure)
        {
            return (null, failure);
        }
    }

    private void AddFailure(KitCase kit, SpeedupException failure, bool hasWrongClaim, Tally tally)
    {
        KitFaultKind kind = failure.Code switch
        {
            "SPD6001" or "SPD6002" => KitFaultKind.Soundness,
            "SPD4001" or "SPD4002" or "SPD4003" => KitFaultKind.ShapeContract,
            _ => KitFaultKind.Engine,
        };
        bool isChecked =
            kit.Type == ScalarType.Float64 && !hasWrongClaim && (kind == KitFaultKind.Soundness || _observed?.WrongReplacement is not null);
        string message =
            isChecked && _observed is not null
                ? FailureText.OfDifference(failure, _observed.Inner, _observed.WrongReplacement)
                : FailureText.Of(failure, _observed?.Inner);
        tally.Add(kit, kind, message);
    }

    private void CheckRepeat(KitCase kit, HostNetwork network, MaskSet masks, Tally tally)
    {
        using HostNetwork again = kit.Build();
        using var originals = new OriginalTensors(again);
        kit.Speed(_engine, again, masks);
        if (Bits.FindChange([.. Bits.Of(network)], again) is { } changed)
            tally.Add(kit, KitFaultKind.Determinism, $"'{changed}' differs after a second run on the same model and masks.");
    }

    private static void CompareOutputs(KitCase kit, HostNetwork masked, HostNetwork small, Tally tally)
    {
        double tolerance = kit.Type == ScalarType.Float64 ? 1e-10 : 1e-5;
        Values values = kit.Draw(Purpose.Probes);
        for (int size = 0; size <= kit.Subject.Inputs[0].OtherShapes.Count; size++)
        {
            using var scope = NewDisposeScope();
            Tensor[] inputs = kit.MakeInputs(values, size);
            Tensor[] expected = masked.Run([.. inputs.Select(input => input.clone())]);
            double error = OutputError.Between(expected, small.Run(inputs));
            if (!(error <= tolerance))
                tally.Add(
                    kit,
                    KitFaultKind.Soundness,
                    $"The small network is not the masked one: relative error {error:G3}, {tolerance:G3} is allowed, on the input shape "
                        + $"[{string.Join(", ", kit.Subject.Inputs[0].AllShapes.ElementAt(size))}]."
                );
        }
    }

    /// <summary>Every size, and the traced one until each channel has shown enough numbers.</summary>
    private static IEnumerable<Observation> Observe(KitCase kit, HostNetwork masked)
    {
        Values values = kit.Draw(Purpose.Probes);
        KitInput input = kit.Subject.Inputs[0];
        long perChannel = input.Shape.Aggregate(1L, (a, b) => a * b) / Math.Max(1, input.Shape[input.AxisFromFront]);
        long count = Math.Clamp(LeastNumbers / Math.Max(1, perChannel), 2, MostProbes);
        for (int i = 0; i < count; i++)
            yield return Observation.Of(masked, kit.MakeInputs(values, size: 0));
        for (int size = 1; size <= input.OtherShapes.Count; size++)
            yield return Observation.Of(masked, kit.MakeInputs(values, size));
    }

    private void CountChannels(
        KitCase kit,
        HostNetwork masked,
        HostNetwork small,
        IReadOnlyList<Observation> seen,
        SpeedupReport report,
        Tally tally
    )
    {
        var channels = new RemovableChannels(masked, seen, kit.Subject.Blocks);
        IReadOnlyList<RemovablePort> ports = channels.Find(kit.Draw(Purpose.Disturbances));
        CheckTies(kit, channels, masked.Subject, tally);
        int removable = ports.Sum(port => port.Count);
        int excused = report.Kept.Where(kept => kept.Cause is KeepCause.Carrier or KeepCause.EqualGroups).Sum(kept => kept.Indices.Count);
        int removed =
            masked.Sources.Zip(small.Sources).Sum(pair => (pair.First?.OutChannels ?? 0) - (pair.Second?.OutChannels ?? 0))
            + masked.Sinks.Zip(small.Sinks).Sum(pair => (pair.First?.InChannels ?? 0) - (pair.Second?.InChannels ?? 0));
        tally.Count(Math.Max(0, removable - excused), removed);
        if (removed < removable - excused)
            tally.NoteMissed(kit, ports.Where(port => port.CountRemoved(masked, small) < port.Count));
        if (masked.Subject is { } before && CountEntries(small.Subject!) < CountEntries(before))
            tally.CountShrunk();
    }

    /// <summary>What a weight mixes is local only for its masks' sake, and need not go together.</summary>
    private void CheckTies(KitCase kit, RemovableChannels channels, nn.Module? subject, Tally tally)
    {
        if (_observed?.Ties is not { } ties || subject?.parameters().Any(parameter => parameter.dim() > 1) != false)
            return;
        foreach (
            var (input, from, output, to) in channels
                .Pairs.Where(pair => ties.AreApart(pair.Input, pair.From, pair.Output, pair.To))
                .Take(1)
        )
            tally.Add(
                kit,
                KitFaultKind.Soundness,
                $"{_observed.Inner.GetType().FullName}.Relate lets index {from} of {input.Describe()} go without index {to} of {output.Describe()}, which is "
                    + "computed from it alone: tie them, and release neither."
            );
    }

    private static long CountEntries(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return module.parameters().Sum(parameter => parameter.numel());
    }
}
