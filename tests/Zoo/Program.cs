using System.CommandLine;
using Zoo.Runs;

var networks = new Option<string[]>("--networks")
{
    Description = "Networks, by comma; all if left out.",
    AllowMultipleArgumentsPerToken = true,
};
var patterns = new Option<string[]>("--patterns") { Description = "Mask patterns, by comma.", AllowMultipleArgumentsPerToken = true };
var dtypes = new Option<string[]>("--dtypes") { Description = "float32, float64, or both.", AllowMultipleArgumentsPerToken = true };
var policies = new Option<string[]>("--policies") { Description = "exact, drop, or both.", AllowMultipleArgumentsPerToken = true };
var fullWidth = new Option<bool>("--full-width") { Description = "Original widths and input size." };
var json = new Option<bool>("--json") { Description = "Print the rows as a list, and write no file." };
var output = new Option<FileInfo?>("--output") { Description = "The table's file; docs/results.md if left out and everything runs." };
var count = new Option<bool>("--count-parameters") { Description = "Only compare the sizes at full width with the published ones." };
var root = new RootCommand("Runs the model zoo: each network with each mask pattern, compared with the masked model.")
{
    networks,
    patterns,
    dtypes,
    policies,
    fullWidth,
    json,
    output,
    count,
};
root.SetAction(parsed =>
    parsed.GetValue(count)
        ? ZooCommand.CountParameters(Split(parsed.GetValue(networks)))
        : ZooCommand.Run(
            new ZooSelection
            {
                Networks = Split(parsed.GetValue(networks)),
                Patterns = Split(parsed.GetValue(patterns)),
                Dtypes = Split(parsed.GetValue(dtypes)),
                Policies = Split(parsed.GetValue(policies)),
                FullWidth = parsed.GetValue(fullWidth),
            },
            parsed.GetValue(json),
            parsed.GetValue(output)?.FullName
        )
);
return root.Parse(args).Invoke();

static string[] Split(string[]? values) =>
    [.. (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
