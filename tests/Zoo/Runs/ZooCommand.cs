using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;

namespace Zoo.Runs;

/// <summary>What the executable does.</summary>
internal static class ZooCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Runs the chosen cases; 1 if one fails.</summary>
    public static int Run(ZooSelection selection, bool asJson, string? file)
    {
        int threads = TorchSharp.torch.get_num_threads();
        using ServiceProvider services = new ServiceCollection().AddSpeedup().BuildServiceProvider();
        var runner = new ZooRunner(services.GetRequiredService<IModelSpeedup>());
        var rows = new List<ZooRow>();
        foreach (ZooCase zooCase in selection.Cases())
        {
            // Thinned networks are too small to share out: more threads only wait for each other.
            TorchSharp.torch.set_num_threads(zooCase.FullWidth ? threads : 1);
            rows.Add(runner.Run(zooCase));
            Console.Error.WriteLine(Progress(rows[^1]));
        }
        if (asJson)
            Console.WriteLine(JsonSerializer.Serialize(rows, Json));
        else if (file is not null || selection.IsEverything)
            ResultsTable.Write(file ?? DefaultFile(), rows);
        int failed = rows.Count(row => !row.Passed);
        Console.Error.WriteLine($"{rows.Count} rows, {failed} failing; Exact/Drop {ResultsTable.MedianExactShare(rows):P1}");
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Compares sizes; 1 if one differs.</summary>
    public static int CountParameters(IReadOnlyList<string> networks)
    {
        int wrong = 0;
        foreach (
            ZooEntry entry in new ZooSelection { Networks = networks }
                .Entries()
                .Except(ZooCatalog.FullSize)
        )
        {
            long counted = ParameterCounts.CountFullWidth(entry);
            bool differs = entry.FullParameters is { } published && published != counted;
            wrong += differs ? 1 : 0;
            string verdict = differs ? "DIFFERS from " : "as published ";
            Console.WriteLine(
                $"{entry.Name, -20} {counted, 12:N0} {(entry.FullParameters is null ? "" : $"{verdict}{entry.FullParameters:N0}")}"
            );
        }
        return wrong == 0 ? 0 : 1;
    }

    private static string Progress(ZooRow row) =>
        $"{row.Network, -20} {row.Pattern, -9} {row.Dtype} {row.Policy, -5} {row.ParametersBefore, 9} -> {row.ParametersAfter, 9} "
        + $"{row.MaxRelativeError:0.0E+0} {row.SpeedupSeconds / Math.Max(1e-9, row.ForwardSeconds), 6:F1} passes "
        + $"{(row.Passed ? "ok" : $"FAILED {row.Error}")}";

    private static string DefaultFile()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Speedup.Framework.sln")))
                return Path.Combine(folder.FullName, "docs", "results.md");
        }
        return "results.md";
    }
}
