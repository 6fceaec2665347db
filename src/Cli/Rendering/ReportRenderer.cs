using System.Globalization;
using Spectre.Console;
using Speedup.Abstractions;
using Speedup.Core.Reporting;

namespace Speedup.Cli.Rendering;

/// <summary>Prints a speedup report: layers, what was kept and why, barriers, phases, verification.</summary>
internal sealed class ReportRenderer(IAnsiConsole console)
{
    /// <summary>Prints everything.</summary>
    public void Render(SpeedupReport report)
    {
        RenderLayers(report);
        RenderUnshrunk(report);
        RenderKept(report);
        RenderBarriers(report);
        RenderConditions(report);
        RenderList("Never called, left alone", report.Unvisited);
        RenderList("Notes", report.Notes);
        RenderList("Attempts", [.. report.Attempts.Select(Attempt)]);
        RenderPhases(report);
        RenderVerification(report);
    }

    private void RenderLayers(SpeedupReport report)
    {
        Table table = Tables.Create("Layers", "Path", "Type", "Shapes", "Parameters", "MACs", "Replaced", "Reasons");
        foreach (LayerReport layer in report.Layers)
        {
            table.AddText(
                layer.Path,
                layer.Type,
                LayerShapes.Describe(layer),
                Tables.Change(layer.ParametersBefore, layer.ParametersAfter),
                Tables.Change(layer.MacsBefore, layer.MacsAfter),
                layer.Replaced ? "yes" : "no",
                Reasons(layer)
            );
        }
        table.AddText(
            "all",
            "",
            "",
            Tables.Change(report.ParametersBefore, report.ParametersAfter),
            Tables.Change(report.MacsBefore, report.MacsAfter),
            string.Create(CultureInfo.InvariantCulture, $"{report.Layers.Count(layer => layer.Replaced)}"),
            ""
        );
        console.Write(table);
    }

    private static string Reasons(LayerReport layer)
    {
        IEnumerable<string> reasons = layer.Reasons;
        if (layer.RemainingMaskedShare > 0)
        {
            string share = layer.RemainingMaskedShare.ToString("P1", CultureInfo.InvariantCulture);
            reasons = reasons.Append($"{share} of the masked parameters is zero but not accelerated");
        }
        return string.Join("; ", reasons);
    }

    private void RenderUnshrunk(SpeedupReport report)
    {
        if (report.Unshrunk.Count == 0)
            return;
        Table table = Tables.Create("Masked, but not that small", "Path", "Type", "Pruned", "Removed", "Reason");
        foreach (UnshrunkModule module in report.Unshrunk)
            table.AddText(module.Path, module.Type, Number(module.Pruned), Number(module.Removed), module.Reason);
        console.Write(table);
    }

    private void RenderConditions(SpeedupReport report)
    {
        if (report.Conditions.Count == 0)
            return;
        Table table = Tables.Create("Conditions in the code", "Method", "Where", "Depends on", "Led to", "Times", "Verified on each side");
        foreach (ConditionReport condition in report.Conditions)
        {
            table.AddText(
                condition.Method,
                condition.Where,
                condition.Kind.ToString(),
                string.Join('\n', condition.Outcomes.Select(outcome => outcome.LeadsTo)),
                string.Join('\n', condition.Outcomes.Select(Times)),
                condition.IsVerified ? "yes" : "no"
            );
        }
        console.Write(table);
    }

    private static string Times(ConditionOutcome outcome) =>
        outcome.Fewest == outcome.Most ? Number(outcome.Most) : $"{Number(outcome.Fewest)} to {Number(outcome.Most)}";

    private static string Attempt(AttemptReport attempt) =>
        $"{Number(attempt.Number)}. {attempt.Reason} -> {attempt.Remedy ?? "nothing left to do"}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private void RenderKept(SpeedupReport report)
    {
        if (report.Kept.Count == 0)
        {
            console.WriteLine("Kept channels: none; every channel that could go is gone.");
            return;
        }
        Table table = Tables.Create("Kept channels", "Needed by", "Cause", "Axis", "Channels", "Reason");
        foreach (KeptChannels kept in report.Kept)
        {
            string cause = kept.Cause == KeepCause.Carrier ? "carrier" : kept.Cause.ToString();
            table.AddText(kept.Operator, cause, kept.Axis, Tables.Indices(kept.Indices), kept.Reason);
        }
        console.Write(table);
    }

    private void RenderBarriers(SpeedupReport report)
    {
        if (report.Barriers.Count == 0)
        {
            console.WriteLine("Barriers: none; a handler covers every call.");
            return;
        }
        Table table = Tables.Create("Barriers", "Operator", "Where", "Reason");
        foreach (BarrierReport barrier in report.Barriers)
            table.AddText(barrier.Operator, barrier.Where, barrier.Reason);
        console.Write(table);
    }

    private void RenderList(string title, IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
            console.WriteLine($"{title}: {line}");
    }

    private void RenderPhases(SpeedupReport report)
    {
        Table table = Tables.Create("Phases", "Phase", "Seconds");
        foreach (PhaseTime phase in report.Phases)
            table.AddText(phase.Phase, Tables.Seconds(phase.Elapsed.TotalSeconds));
        table.AddText("all", Tables.Seconds(report.Elapsed.TotalSeconds));
        console.Write(table);
        console.WriteLine($"Rounds of propagation until the fixed point: {report.Rounds}");
    }

    private void RenderVerification(SpeedupReport report)
    {
        VerificationReport verification = report.Verification;
        Table table = Tables.Create("Verification", "Input", "Shapes", "Relative error");
        foreach (VerificationCheck check in verification.Checks)
            table.AddText(check.Input, string.Join(", ", check.Shapes.Select(Tables.Shape)), Error(check.RelativeError));
        console.Write(table);
        foreach (VerificationCheck check in verification.Checks.Where(check => check.Note is not null))
            console.WriteLine($"On {check.Input}, {check.Note}.");
        string limit = report.Policy == ConstantPolicy.Drop ? "not enforced, as constants are dropped" : Error(verification.Tolerance);
        console.WriteLine($"Largest relative error to the masked model: {Error(verification.MaxRelativeError)} (accepted: {limit})");
    }

    private static string Error(double error) => error.ToString("0.00e+00", CultureInfo.InvariantCulture);
}
