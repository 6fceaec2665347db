using System.CommandLine;
using Benchmarks.ColdLoad;
using Benchmarks.ScatterRate;

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
var passes = new Option<int>("--repeat") { Description = "Passes of each; the fastest counts", DefaultValueFactory = _ => 50 };
var threads = new Option<int>("--threads") { Description = "Threads", DefaultValueFactory = _ => 1 };
var scatterRate = new Command("scatter-rate", "Multiply-accumulates that take as long as scattering one element") { passes, threads };
scatterRate.SetAction(parsed =>
{
    new ScatterRateMeasurement(parsed.GetValue(passes), parsed.GetValue(threads)).Run(Console.Out);
    return 0;
});
return new RootCommand("Measurements of Speedup.Framework.") { coldLoad, scatterRate }
    .Parse(args)
    .Invoke();
