namespace Speedup.Core.Reporting;

/// <summary>A report for a console or a log: one line for the whole, and one for each layer that changed and each thing to know.</summary>
internal static class ReportText
{
    /// <summary>Writes it; lines end in <c>\n</c> but for the last.</summary>
    public static string Write(SpeedupReport report) =>
        string.Join(
            '\n',
            [
                $"{ReportFigures.Change(report.ParametersBefore, report.ParametersAfter)} parameters, "
                    + $"{ReportFigures.Change(report.MacsBefore, report.MacsAfter)} multiply-accumulates, "
                    + $"relative error to the masked model up to {ReportFigures.Error(report.Verification.MaxRelativeError)}, "
                    + ReportFigures.Seconds(report.Elapsed),
                .. report.Layers.Select(Layer).OfType<string>(),
                .. report.Unshrunk.Select(module =>
                    $"masked but not that small: {module.Path} ({module.Type}), {ReportFigures.Shortfall(module)}: {module.Reason}"
                ),
                .. report.Kept.Select(kept => $"kept for {kept.Operator}, {ReportFigures.Channels(kept)}: {kept.Reason}"),
                .. report.Barriers.Select(barrier => $"no handler for {barrier.Operator} in '{barrier.Where}': {barrier.Reason}"),
                .. report.Unvisited.Select(path => $"never called, left alone: {path}"),
                .. report.Notes.Select(note => $"note: {note}"),
                .. report
                    .Conditions.Where(condition => !condition.IsVerified)
                    .Select(condition =>
                        $"not verified on each side: {condition.Method} at {condition.Where}, by {condition.Kind}: {ReportFigures.Outcomes(condition)}"
                    ),
                .. report.Attempts.Select(attempt =>
                    $"attempt {attempt.Number}: {attempt.Reason} -> {attempt.Remedy ?? "nothing left to do"}"
                ),
            ]
        );

    private static string? Layer(LayerReport layer) =>
        ReportFigures.Shapes(layer) is { Length: > 0 } shapes ? $"{layer.Path} ({layer.Type}): {shapes}" : null;
}
