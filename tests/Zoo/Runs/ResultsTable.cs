using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Zoo.Runs;

/// <summary>Writes the table of all rows.</summary>
public static class ResultsTable
{
    private const string Introduction = """
        Written by `dotnet run --project tests/Zoo -c Release`, not by hand. The networks have their original topology, thinned
        widths, random weights, and random BatchNorm statistics and biases. The largest relative difference is to a masked model
        that the zoo makes itself, on fresh inputs and at a second size where the network takes one; up to 1e-5 in float32 and
        1e-10 in float64 count as equal. Times are wall clock, on one thread, with a batch at which a dense forward pass takes some tens of
        milliseconds; the speedup's, in forward passes timed just before it, is the median of five, each on a new model, beside the first one, in
        which the runtime compiles what no network before needed. `resnet50_224` is ResNet-50 at its original widths and input size, on all threads.
        """;

    private static readonly string[] Phases =
    [
        "validate",
        "inspect",
        "trace",
        "propagate",
        "plan",
        "replace",
        "verify",
        "report",
        "commit",
    ];

    /// <summary>Writes the file as a whole: a reader never sees half of it.</summary>
    public static void Write(string file, IReadOnlyList<ZooRow> rows)
    {
        string temporary = file + ".tmp";
        File.WriteAllText(temporary, Render(rows));
        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>The median, over the networks, of what Exact removes as a share of what Drop removes, at L1 50 % in float32.</summary>
    public static double? MedianExactShare(IReadOnlyList<ZooRow> rows)
    {
        double[] shares =
        [
            .. rows.Select(row => row.Network)
                .Distinct()
                .Where(name => ZooCatalog.FullSize.All(entry => entry.Name != name))
                .Select(name => ExactShare(rows, name))
                .OfType<double>()
                .Order(),
        ];
        return shares.Length == 0 ? null : (shares[(shares.Length - 1) / 2] + shares[shares.Length / 2]) / 2;
    }

    private static double? ExactShare(IReadOnlyList<ZooRow> rows, string network)
    {
        ZooRow? exact = Find(rows, network, "exact");
        ZooRow? drop = Find(rows, network, "drop");
        if (exact?.Error is not null || drop?.Error is not null || exact is null || drop is null)
            return null;
        long removed = drop.ParametersBefore - drop.ParametersAfter;
        return removed == 0 ? null : (double)(exact.ParametersBefore - exact.ParametersAfter) / removed;
    }

    private static ZooRow? Find(IReadOnlyList<ZooRow> rows, string network, string policy) =>
        rows.FirstOrDefault(row => row.Network == network && row.Pattern == "l1-50" && row.Dtype == "float32" && row.Policy == policy);

    private static string Render(IReadOnlyList<ZooRow> rows)
    {
        var text = new StringBuilder();
        int failed = rows.Count(row => !row.Passed);
        text.AppendLine("# Results on the model zoo").AppendLine();
        text.AppendLine(Introduction).AppendLine();
        text.AppendLine(
            Line(
                $"{rows.Count} rows, {failed} failing. Median share of Exact in what Drop removes, at L1 50 %: {Share(MedianExactShare(rows))}."
            )
        );
        text.AppendLine(Line($"Peak memory of the process: {PeakMegabytes()} MB.")).AppendLine();
        Summary(text, rows);
        Failures(text, rows);
        AllRows(text, rows);
        return text.ToString();
    }

    private static void Summary(StringBuilder text, IReadOnlyList<ZooRow> rows)
    {
        text.AppendLine("## L1 50 %, float32").AppendLine();
        text.AppendLine(
            "| network | input | parameters | after | after, Drop | Exact/Drop | MACs | after | error | forward ms | speedup in passes | the first | peak MB | "
                + string.Join(" | ", Phases.Select(p => p + " ms"))
                + " | kept |"
        );
        text.AppendLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|" + string.Concat(Phases.Select(_ => "--:|")) + "---|");
        foreach (string network in rows.Select(row => row.Network).Distinct())
        {
            if (Find(rows, network, "exact") is not { } exact)
                continue;
            string phases = string.Join(" | ", Phases.Select(p => Line($"{1000 * exact.Phases.GetValueOrDefault(p):F0}")));
            text.AppendLine(
                Line(
                    $"| {network} | {exact.Input} | {exact.ParametersBefore:N0} | {exact.ParametersAfter:N0} | {Find(rows, network, "drop")?.ParametersAfter:N0} | {Share(ExactShare(rows, network))} | "
                )
                    + Line(
                        $"{exact.MacsBefore:N0} | {exact.MacsAfter:N0} | {Error(exact)} | {1000 * exact.ForwardSeconds:F1} | {exact.SpeedupSeconds / exact.ForwardSeconds:F1} | {exact.FirstSpeedupPasses:F1} | {exact.PeakMegabytes:F0} | {phases} | {Cell(string.Join("; ", exact.Kept))} |"
                    )
            );
        }
        text.AppendLine();
    }

    private static void Failures(StringBuilder text, IReadOnlyList<ZooRow> rows)
    {
        text.AppendLine("## Failing rows").AppendLine();
        foreach (ZooRow row in rows.Where(row => !row.Passed))
            text.AppendLine(Line($"- {row.Network}, {row.Pattern}, {row.Dtype}, {row.Policy}: {Cell(row.Error ?? "error " + Error(row))}"));
        text.AppendLine();
    }

    private static void AllRows(StringBuilder text, IReadOnlyList<ZooRow> rows)
    {
        text.AppendLine("## All rows").AppendLine();
        text.AppendLine(
            "| network | pattern | dtype | policy | parameters | after | MACs | after | error | speedup ms | forward ms | result |"
        );
        text.AppendLine("|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|");
        foreach (ZooRow row in rows)
        {
            text.AppendLine(
                Line(
                    $"| {row.Network} | {row.Pattern} | {row.Dtype} | {row.Policy} | {row.ParametersBefore:N0} | {row.ParametersAfter:N0} | {row.MacsBefore:N0} | "
                )
                    + Line(
                        $"{row.MacsAfter:N0} | {Error(row)} | {1000 * row.SpeedupSeconds:F0} | {1000 * row.ForwardSeconds:F1} | {(row.Passed ? "equal" : "FAILED")} |"
                    )
            );
        }
    }

    private static string Error(ZooRow row) => row.MaxRelativeError is { } error ? Line($"{error:0.0E+0}") : "";

    private static string Share(double? share) => share is { } value ? Line($"{100 * value:F1} %") : "";

    private static string Cell(string text) => text.Replace('|', '/');

    private static long PeakMegabytes()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / (1024 * 1024);
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
