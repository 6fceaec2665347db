using Spectre.Console;
using Speedup.Cli.Doctor;

namespace Speedup.Cli.Rendering;

/// <summary>Prints the doctor's findings.</summary>
internal sealed class DoctorRenderer(IAnsiConsole console)
{
    /// <summary>Prints a table, and below it what to do.</summary>
    public void Render(IReadOnlyList<Finding> findings)
    {
        Table table = Tables.Create("Doctor", "Subject", "Status", "Finding");
        foreach (Finding finding in findings)
            table.AddRow(new Text(finding.Subject), Status(finding.Status), new Text(finding.Detail));
        console.Write(table);
        Finding[] missing = [.. findings.Where(finding => finding.Status == FindingStatus.Missing)];
        foreach (Finding finding in missing)
            console.WriteLine($"{finding.Subject}: {finding.Advice ?? "see above"}");
        if (missing.Length == 0)
            console.WriteLine("Nothing is missing.");
    }

    private static Text Status(FindingStatus status) =>
        status switch
        {
            FindingStatus.Ok => new Text("ok", new Style(Color.Green)),
            FindingStatus.Missing => new Text("missing", new Style(Color.Red)),
            _ => new Text("info"),
        };
}
