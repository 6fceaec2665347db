using System.CommandLine;
using Benchmarks.ColdLoad;

// A child of the measurement: before anything else is loaded.
if (args is [HandlerLoad.Argument, string way, string plugins])
    return HandlerLoad.Run(way, plugins, Console.Out);

var repeat = new Option<int>("--repeat") { Description = "Starts of each way; the result is their median", DefaultValueFactory = _ => 11 };
var directory = new Option<DirectoryInfo>("--plugins") { Description = "Drop-in folder", DefaultValueFactory = _ => new("plugins") };
var coldLoad = new Command(
    "cold-load",
    "Time from the start of a process until all handlers are registered: plugin folders, direct references"
)
{
    repeat,
    directory,
};
coldLoad.SetAction(parsed =>
{
    new ColdLoadMeasurement(parsed.GetRequiredValue(directory).FullName).Run(parsed.GetValue(repeat)).Write(Console.Out);
    return 0;
});
return new RootCommand("Measurements of Speedup.Framework.") { coldLoad }
    .Parse(args)
    .Invoke();
