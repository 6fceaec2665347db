using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit.Runs;

/// <summary>Runs cases of one subject through an engine of its own.</summary>
internal sealed class CaseRunner : IDisposable
{
    /// <summary>One case in so many is also run a second time, and once with a failure.</summary>
    private const int Repeats = 8;

    private readonly Subject _subject;
    private readonly SubjectShape _shape;
    private readonly HandlerLog _log = new();
    private readonly bool _buildsModules;
    private readonly ServiceProvider _services;
    private readonly IModelSpeedup _engine;

    public CaseRunner(Subject subject, HandlerRegistry handlers)
    {
        _subject = subject;
        _shape = SubjectShape.Read(subject);
        _buildsModules = subject.ModuleType is { } type && handlers.FindModuleHandler(type) is not null;
        _services = new ServiceCollection()
            .AddSingleton(ObservedHandlers.Of(handlers, subject.ModuleType, _log))
            .AddSpeedup()
            .BuildServiceProvider();
        _engine = _services.GetRequiredService<IModelSpeedup>();
    }

    /// <summary>The handler under test; null where none was asked.</summary>
    public IOperatorHandler? Handler { get; private set; }

    /// <summary>Runs the case of a seed in float64, and in float32 where it is its turn: there what float64 has told is not told apart again.</summary>
    public void Run(int seed, Tally tally)
    {
        Finding? cause = null;
        foreach (ScalarType type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            if (type == ScalarType.Float32 && seed % _subject.Float32Every != 0)
                continue;
            var kit = new KitCase(_subject, _shape, seed, type);
            long live = LiveTensors.Count;
            cause = Run(kit, cause, tally);
            Handler = _log.Handler ?? Handler;
            _log.Reset();
            if (LiveTensors.Count > live)
                tally.Add(
                    kit,
                    new Finding(KitFaultKind.Disposal, $"{LiveTensors.Count - live} tensors are left alive after the model was disposed.")
                    {
                        Handler = Handler,
                    }
                );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _services.Dispose();
        _log.Dispose();
    }

    private Finding? Run(KitCase kit, Finding? known, Tally tally)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using HostNetwork network = kit.Build();
        using var originals = new OriginalTensors(network);
        using MaskSet masks = RandomMasks.Draw(kit, network);
        using HostNetwork masked = kit.BuildMasked(masks);
        _log.Reset();
        if (_buildsModules && kit.Seed % Repeats == 0)
            new FailureCheck(_engine, _log, kit, masks).Run(tally);
        _log.Reset();
        var flags = new ModelFlags(network);
        IReadOnlyList<(string, Tensor)> before = Bits.Copy(network);
        CaseJudge? judge = kit.Type == ScalarType.Float64 ? new CaseJudge(kit, masked, _log) : null;
        judge?.WatchReplacements();
        (SpeedupReport? report, SpeedupException? failure) = Speed(kit, network, masks);
        Finding? cause = FindCause(kit, judge, known, tally);
        if (failure is not null)
            AddFailure(kit, failure, cause, judge is not null, tally);
        CheckState(kit, flags.FindChange(network), report is null ? Bits.FindChange(before, network) : null, tally);
        if (report is not null)
            CheckSmall(new CaseNetworks(kit, masks, masked, network), report, judge, cause is null, tally);
        return cause;
    }

    /// <summary>What functions did to the model, and what is at fault by that and by brute force.</summary>
    private Finding? FindCause(KitCase kit, CaseJudge? judge, Finding? known, Tally tally)
    {
        Finding[] noted = [.. _log.Findings];
        foreach (Finding finding in noted)
            tally.Add(kit, finding);
        if (Array.Find(noted, finding => finding.Kind == KitFaultKind.StatePreservation) is { } written)
            return written; // what was inferred of weights that were written then is not to be held against it
        if (judge is null)
            return known;
        Finding? cause = judge.FindCause();
        if (cause is not null)
            tally.Add(kit, cause);
        return cause;
    }

    private void CheckState(KitCase kit, string? flag, string? changed, Tally tally)
    {
        if (flag is not null)
            tally.Add(kit, new Finding(KitFaultKind.StatePreservation, $"{flag}.") { Handler = _log.Handler });
        if (changed is not null)
            tally.Add(
                kit,
                new Finding(KitFaultKind.StatePreservation, $"The speedup failed, and '{changed}' is no longer what it was.")
                {
                    Handler = _log.Handler,
                }
            );
    }

    private void CheckSmall(CaseNetworks networks, SpeedupReport report, CaseJudge? judge, bool isRight, Tally tally)
    {
        IOperatorHandler? handler = _log.Handler;
        judge?.CountChannels(networks.Small, report, tally);
        if (networks.Kit.Seed % Repeats == 1)
            CheckRepeat(networks, tally); // before any pass: statistics may be written also in evaluation mode
        networks.Small.eval();
        if (isRight)
            new OutputCheck(networks.Kit, networks.Masked, networks.Small, handler).Run(tally);
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

    /// <summary>What the engine says, where nothing better is known: a wrong claim, tie or replacement is what the failure comes of.</summary>
    private void AddFailure(KitCase kit, SpeedupException failure, Finding? cause, bool isNew, Tally tally)
    {
        KitFaultKind kind = failure.Code switch
        {
            "SPD6001" or "SPD6002" => KitFaultKind.Soundness,
            "SPD4001" or "SPD4002" or "SPD4003" => KitFaultKind.ShapeContract,
            _ => KitFaultKind.Engine,
        };
        if (cause is not null && kind != KitFaultKind.Engine)
        {
            if (!isNew)
                tally.Add(kit, cause with { Message = $"{failure.Code}, as in Float64. {cause.Message}" });
            return;
        }
        tally.Add(
            kit,
            new Finding(kind, FailureText.Of(failure, _log.Handler))
            {
                Handler = _log.Handler,
                Function = _log.ThrownBy ?? (kind == KitFaultKind.ShapeContract ? nameof(IModuleHandler.Replace) : null),
            }
        );
    }

    private void CheckRepeat(CaseNetworks networks, Tally tally)
    {
        KitCase kit = networks.Kit;
        IOperatorHandler? handler = _log.Handler;
        using HostNetwork again = kit.Build();
        using var originals = new OriginalTensors(again);
        kit.Speed(_engine, again, networks.Masks);
        if (Bits.FindChange([.. Bits.Of(networks.Small)], again) is not { } changed)
            return;
        bool isSameSize = Bits.Of(networks.Small)
            .Zip(Bits.Of(again))
            .All(pair => pair.First.Value.shape.SequenceEqual(pair.Second.Value.shape));
        tally.Add(
            kit,
            new Finding(KitFaultKind.Determinism, $"'{changed}' differs after a second run on the same model and masks.")
            {
                Handler = handler,
                Function = isSameSize ? nameof(IModuleHandler.Replace) : null,
            }
        );
    }

    /// <summary>What one case works on.</summary>
    /// <param name="Kit">The case.</param>
    /// <param name="Masks">Its masks.</param>
    /// <param name="Masked">The network with the masks in its parameters.</param>
    /// <param name="Small">The network that was sped up.</param>
    private sealed record CaseNetworks(KitCase Kit, MaskSet Masks, HostNetwork Masked, HostNetwork Small);
}
