using System.CommandLine;
using Zoo;
using Zoo.Runs;

Option<string[]> networks = Choice("--networks", "Networks, by comma; all if left out.", ZooCatalog.All.Select(entry => entry.Name));
Option<string[]> patterns = Choice("--patterns", "Mask patterns, by comma.", ZooNames.AllPatterns.Select(ZooNames.Of));
Option<string[]> dtypes = Choice("--dtypes", "float32, float64, or both.", ["float32", "float64"]);
Option<string[]> policies = Choice("--policies", "exact, drop, or both.", ["exact", "drop"]);
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

static Option<string[]> Choice(string name, string description, IEnumerable<string> known)
{
    var option = new Option<string[]>(name) { Description = description };
    option.Validators.Add(result =>
    {
        foreach (string value in Split([.. result.Tokens.Select(token => token.Value)]).Except(known))
            result.AddError($"{name}: there is no '{value}'; there are {string.Join(", ", known)}.");
    });
    return option;
}

static string[] Split(string[]? values) =>
    [.. (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
