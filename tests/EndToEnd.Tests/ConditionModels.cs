using System.Diagnostics;
using static EndToEnd.Tests.ConditionCode;
using static EndToEnd.Tests.ConditionNetworks;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Models whose code chooses, each by something else. The choice is harmless: both sides keep the channels apart.</summary>
internal static class ConditionModels
{
    /// <summary>Models with one condition on a size, by what they show.</summary>
    public static IReadOnlyDictionary<string, Func<UnusualModel>> OnSizes { get; } =
        new Dictionary<string, Func<UnusualModel>>(StringComparer.Ordinal)
        {
            ["a loop whose bound is computed"] = () => new Chooser((_, x) => Repeat(x, 1 + (x.shape[2] / 24))),
            ["a branch for larger images"] = () => new Chooser((_, x) => x.shape[2] > 12 ? x.tanh() : x),
            ["a branch for larger batches"] = () => new Chooser((_, x) => x.shape[0] > 2 ? x.tanh() : x),
            ["a branch for one sample"] = () => new Chooser((_, x) => x.shape[0] == 1 ? x.sigmoid() : x.relu()),
            ["a loop over the batch"] = () => new Chooser((_, x) => Repeat(x, x.shape[0])),
            ["a count in a loop over the batch"] = () => new Chooser((_, x) => CountRows(x) > 2 ? x.tanh() : x),
            ["the rank"] = () => new Chooser((_, x) => x.dim() == 3 ? x.unsqueeze(0) : x),
            ["the count of elements"] = () => new Chooser((_, x) => x.numel() > 100_000 ? x.tanh() : x),
            ["a size in a tuple"] = () => new Chooser((_, x) => SizeOf(x).Height > 20 ? x.tanh() : x),
            ["a size in a list"] = () => new Chooser((_, x) => ListOf(x)[0] > 20 ? x.tanh() : x),
            ["a size in an array"] = () => new Chooser((_, x) => ArrayOf(x)[1] > 20 ? x.tanh() : x),
            ["a size in an object"] = () => new Chooser((_, x) => new Box { Height = x.shape[2] }.Height > 20 ? x.tanh() : x),
            ["a size in a helper of numbers"] = () => new Chooser((_, x) => IsLarge(x.shape[2]) ? x.tanh() : x),
            ["a branch in a helper of numbers"] = () => new Chooser((_, x) => x * ScaleOf(x.shape[2])),
            ["a size that a reference gives"] = () => new Chooser((_, x) => HeightThrough(x) > 20 ? x.tanh() : x),
            ["a switch"] = () => new Chooser((_, x) => ByBatch(x)),
            ["a lambda over sizes"] = () => new Chooser((_, x) => x.shape.Where(size => size > 20).Any() ? x.tanh() : x),
            ["a captured size"] = () => new Chooser((_, x) => Captured(x)),
            ["a count of parts"] = () => new Chooser((_, x) => x.unbind(0).Length > 4 ? x.tanh() : x),
            ["an iterator over rows"] = () => new Chooser((_, x) => Rows(x).Count() > 4 ? x.tanh() : x),
            ["a property"] = () => new WithProperty(),
            ["a virtual method"] = () => new WithVirtual(),
            ["a while loop with a break"] = () => new Chooser((_, x) => Halve(x)),
            ["a field that a child writes"] = () => new WithChild(),
            ["a function made in the constructor"] = () => new WithFunctions(model => model.Measure),
            ["a function of numbers made in the constructor"] = () =>
                new WithFunctions(model => x => model.IsTall(x.shape[2]) ? 30 : x.shape[2]),
            ["a helper that is called with numbers, too"] = () => new Chooser((_, x) => Bend(Bend(x, 3), x.shape[2])),
            ["an index"] = () => new WithLayers(),
            ["an index into a list"] = () => new Chooser((model, x) => model.Bends[x.shape[2] > 20 ? 1 : 0](x)),
            ["a dictionary by size"] = () => new Chooser((model, x) => model.ByHeight.TryGetValue(x.shape[2], out double by) ? x * by : x),
            ["a local function"] = () => new Chooser((_, x) => Locally(x)),
            ["a record"] = () => new Chooser((_, x) => new Extent(x.shape[2], 1) is { Height: > 20 } ? x.tanh() : x),
            ["a structure by reference"] = () => new Chooser((_, x) => Fill(x) > 20 ? x.tanh() : x),
            ["a text made of a size"] = () => new Chooser((_, x) => $"{x.shape[2]}x{x.shape[3]}" == "30x30" ? x.tanh() : x),
            ["a size that may be missing"] = () => new Chooser((_, x) => HeightIf(x, true) > 20 ? x.tanh() : x),
            ["a span"] = () => new Chooser((_, x) => InSpan(x) > 20 ? x.tanh() : x),
            ["a structure behind a generic constraint"] = () => new Chooser((_, x) => Ask(new Meter(x)) > 20 ? x.tanh() : x),
            ["an interface"] = () => new Chooser((_, x) => Measured(x).Height > 20 ? x.tanh() : x),
            ["a grouping of sizes"] = () => new Chooser((_, x) => x.shape.GroupBy(size => size).Count() > 2 ? x : x.tanh()),
            ["an iterator over numbers"] = () => new Chooser((_, x) => StepsTo(x.shape[2]).Aggregate(x, (y, step) => y * step)),
            ["a lambda in a helper of numbers"] = () => new Chooser((_, x) => x * Counted(x.shape[2])),
            ["a caught exception"] = () => new Chooser((_, x) => Caught(x) > 20 ? x.tanh() : x),
        };

    /// <summary>Models that choose by something else than a size, with the name of the kind.</summary>
    public static IReadOnlyDictionary<string, Func<UnusualModel>> OnOthers { get; } =
        new Dictionary<string, Func<UnusualModel>>(StringComparer.Ordinal)
        {
            ["Value: item"] = () => new Chooser((_, x) => x.max().item<float>() > 1e6f ? x.tanh() : x),
            ["Value: conversion"] = () => new Chooser((_, x) => (bool)(x > 1e6).any() ? x.tanh() : x),
            ["Value: accessor"] = () => new Chooser((_, x) => x.data<float>()[0] > 1e6f ? x.tanh() : x),
            ["Value: allclose"] = () => new Chooser((_, x) => x.allclose(x * 2) ? x.tanh() : x),
            ["State: counter"] = () => new Counter(),
            ["State: static"] = () => new Chooser((_, x) => Shared.Next() > 1_000_000 ? x.tanh() : x),
            ["State: cache"] = () => new Caching(),
            ["State: list"] = () => new Remembering(),
            ["Time: clock"] = () => new Chooser((_, x) => DateTime.UtcNow.Year > 3000 ? x.tanh() : x),
            ["Time: stopwatch"] = () => new Chooser((_, x) => Stopwatch.GetTimestamp() < 0 ? x.tanh() : x),
            ["Environment: variable"] = () =>
                new Chooser((_, x) => Environment.GetEnvironmentVariable("NO_SUCH_THING") is null ? x : x.tanh()),
            ["Environment: processors"] = () => new Chooser((_, x) => Environment.ProcessorCount > 5000 ? x.tanh() : x),
            ["Environment: file"] = () => new Chooser((_, x) => File.Exists("no such file") ? x.tanh() : x),
            ["Random: System.Random"] = () => new Chooser((_, x) => Random.Shared.Next(10) > 20 ? x.tanh() : x),
            ["Random: TorchSharp"] = () => new Chooser((_, x) => rand(1).item<float>() > 2 ? x.tanh() : x),
        };

    /// <summary>Models that choose by how they were built only.</summary>
    public static IReadOnlyDictionary<string, Func<UnusualModel>> OnOptions { get; } =
        new Dictionary<string, Func<UnusualModel>>(StringComparer.Ordinal)
        {
            ["an option"] = () => new Chooser((model, x) => model.UseBias ? x + 0.5 : x),
            ["a layer that may be missing"] = () => new Chooser((model, x) => model.Extra is not null ? x.tanh() : x),
            ["a loop over options"] = () => new Chooser((model, x) => model.Scales.Aggregate(x, (y, scale) => y * scale)),
            ["a loop over a list"] = () => new Chooser((model, x) => Scale(model, x)),
            ["a loop with a fixed bound"] = () => new Chooser((_, x) => Repeat(x, 3)),
            ["lengths of a parameter"] = () => new Chooser((model, x) => model.Width > 3 ? x : x.tanh()),
            ["a helper that others call with sizes"] = () => new Chooser((_, x) => IsLarge(4) ? x.tanh() : x),
            ["the mode"] = () => new Chooser((model, x) => model.training ? x.tanh() : x),
            ["an object of options"] = () => new Chooser((model, x) => model.Options.Height > 3 ? x : x.tanh()),
            ["the type of the input"] = () => new Chooser((_, x) => x.dtype == ScalarType.Float16 ? x.to(ScalarType.Float32) : x),
            ["a helper of a switch over options"] = () => new Chooser((model, x) => ByOption(x, model.Scales.Count)),
            ["an index that is fixed"] = () => new Chooser((model, x) => model.Bends[1](x)),
            ["a guard for missing tensors"] = () => new Chooser((_, x) => Guarded(x, null)),
            ["what a collection of this pass holds"] = () => new Chooser((_, x) => Gather(x)),
        };
}
