using System.Diagnostics;
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
            ["a function of numbers made in the constructor"] = () => new WithFunctions(model => x => model.IsTall(x.shape[2]) ? 30 : 3),
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

    private static Tensor Repeat(Tensor x, long times)
    {
        for (int i = 0; i < times; i++)
            x = x + 0.25;
        return x;
    }

    private static int CountRows(Tensor x)
    {
        int rows = 0;
        for (int i = 0; i < x.shape[0]; i++)
            rows++;
        return rows;
    }

    private static Tensor Bend(Tensor x, long size) => size > 20 ? x.tanh() : x;

    private static Tensor Locally(Tensor x)
    {
        long height = x.shape[2];
        return Run(x);

        Tensor Run(Tensor y) => height > 20 ? y.tanh() : y;
    }

    private static long Fill(Tensor x)
    {
        var extent = default(MutableExtent);
        extent.Read(x);
        return extent.Height;
    }

    private static long? HeightIf(Tensor x, bool known) => known ? x.shape[2] : null;

    private static long InSpan(Tensor x)
    {
        Span<long> sizes = stackalloc long[2];
        sizes[1] = x.shape[2];
        return sizes[1];
    }

    private static long Ask<T>(T meter)
        where T : struct, IMeter => meter.Height;

    private static IMeter Measured(Tensor x) => new Meter(x);

    private static IEnumerable<double> StepsTo(long size)
    {
        for (long step = 4; step < size; step *= 2)
            yield return 0.5;
    }

    private static int Counted(long size) => Enumerable.Range(0, 3).Count(i => i < size - 20) + 1;

    private static Tensor ByOption(Tensor x, int option) =>
        option switch
        {
            1 => x.tanh(),
            2 => x.sigmoid(),
            3 => x.relu(),
            _ => x,
        };

    private static Tensor Guarded(Tensor x, Tensor? mask) => mask is null ? x : x * mask;

    private static (long Height, long Width) SizeOf(Tensor x) => (x.shape[2], x.shape[3]);

    private static List<long> ListOf(Tensor x)
    {
        var list = new List<long>();
        list.Add(x.shape[2]);
        return list;
    }

    private static long[] ArrayOf(Tensor x)
    {
        long[] sizes = new long[2];
        sizes[1] = x.shape[2];
        return sizes;
    }

    private static bool IsLarge(long size) => size > 20;

    private static double ScaleOf(long size)
    {
        if (size > 20)
            return 0.5;
        return 1.5;
    }

    private static void ReadHeight(Tensor x, ref long height) => height = x.shape[2];

    private static long HeightThrough(Tensor x)
    {
        long height = 0;
        ReadHeight(x, ref height);
        return height;
    }

    private static Tensor ByBatch(Tensor x)
    {
        switch (x.shape[0])
        {
            case 1:
                return x.sigmoid();
            case 2:
                return x.relu();
            case 3:
                return x.tanh();
            default:
                return x;
        }
    }

    private static Tensor Captured(Tensor x)
    {
        long height = x.shape[2];
        Func<Tensor, Tensor> choose = y => height > 20 ? y.tanh() : y;
        return choose(x);
    }

    private static IEnumerable<Tensor> Rows(Tensor x)
    {
        for (long i = 0; i < x.shape[0]; i++)
            yield return x.select(0, i);
    }

    private static Tensor Halve(Tensor x)
    {
        long size = x.shape[2];
        while (true)
        {
            if (size < 20)
                break;
            size /= 2;
            x = x.tanh();
        }
        return x;
    }

    private static long Caught(Tensor x)
    {
        long height = 0;
        try
        {
            height = x.shape[2];
            if (x.dtype == ScalarType.Int8)
                throw new InvalidOperationException();
        }
        catch (InvalidOperationException)
        {
            height = -height;
        }
        finally
        {
            height *= 2;
        }
        return height;
    }

    private static Tensor Scale(Chooser model, Tensor x)
    {
        foreach (double scale in model.Scales)
        {
            if (scale > 1)
                x *= scale;
        }
        return x;
    }

    private static Tensor Gather(Tensor x)
    {
        List<Tensor> parts = [];
        for (int i = 0; i < 3; i++)
            parts.Add(x * i);
        return parts.Count > 2 ? parts[2] : x;
    }

    private sealed class Box
    {
        public long Height { get; set; }
    }

    private interface IMeter
    {
        long Height { get; }
    }

    private readonly struct Meter(Tensor x) : IMeter
    {
        public long Height => x.shape[2];
    }

    private sealed record Extent(long Height, long Width);

    private struct MutableExtent
    {
        public long Height;

        public void Read(Tensor x) => Height = x.shape[2];
    }

    private static class Shared
    {
        private static int calls;

        public static int Next() => ++calls;
    }

    /// <summary>A model that hands its features to a function.</summary>
    internal sealed class Chooser(Func<Chooser, Tensor, Tensor> choose) : UnusualModel("chooser")
    {
        public bool UseBias { get; set; } = true;

        public nn.Module? Extra { get; set; }

        public List<double> Scales { get; } = [0.5, 2, 1.5];

        public List<Func<Tensor, Tensor>> Bends { get; } = [x => x, x => x.tanh()];

        public Dictionary<long, double> ByHeight { get; } = new() { [50] = 2 };

        public long Width => last.weight.shape[0];

        public (long Height, long Width) Options { get; } = (4, 4);

        public override Tensor forward(Tensor input) => last.forward(choose(this, first.forward(input)));
    }

    private sealed class WithProperty() : UnusualModel("property")
    {
        private long height;

        private bool IsTall => height > 20;

        public override Tensor forward(Tensor input)
        {
            height = input.shape[2];
            Tensor x = first.forward(input);
            return last.forward(IsTall ? x.tanh() : x);
        }
    }

    private sealed class Child() : nn.Module<Tensor, Tensor>("child")
    {
        public long Height { get; private set; }

        public override Tensor forward(Tensor input)
        {
            Height = input.shape[2];
            return input.relu();
        }
    }

    /// <summary>What the child does is met after the code that reads its field.</summary>
    private sealed class WithChild() : UnusualModel("child")
    {
        private readonly nn.Module<Tensor, Tensor> child = new Child();

        public override Tensor forward(Tensor input)
        {
            Tensor x = child.forward(first.forward(input));
            return last.forward(((Child)child).Height > 20 ? x.tanh() : x);
        }
    }

    internal sealed class WithFunctions(Func<WithFunctions, Func<Tensor, long>> choose) : UnusualModel("functions")
    {
        public Func<Tensor, long> Measure { get; } = x => x.shape[2];

        public Func<long, bool> IsTall { get; } = size => size > 20;

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            return last.forward(choose(this)(x) > 20 ? x.tanh() : x);
        }
    }

    private sealed class WithLayers() : UnusualModel("layers")
    {
        private readonly nn.Module<Tensor, Tensor>[] bends = [nn.ReLU(), nn.Tanh(), nn.Sigmoid()];

        public override Tensor forward(Tensor input) => last.forward(bends[input.shape[0] % 3].forward(first.forward(input)));
    }

    private abstract class WithSteps() : UnusualModel("steps")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            return last.forward(StepsFor(x) > 20 ? x.tanh() : x);
        }

        protected abstract long StepsFor(Tensor x);
    }

    private sealed class WithVirtual : WithSteps
    {
        protected override long StepsFor(Tensor x) => x.shape[2];
    }

    private sealed class Counter() : UnusualModel("counter")
    {
        private int calls;

        public override Tensor forward(Tensor input)
        {
            calls++;
            Tensor x = first.forward(input);
            return last.forward(calls > 1000 ? x.tanh() : x);
        }
    }

    private sealed class Caching() : UnusualModel("caching")
    {
        private Tensor? scale;

        public override Tensor forward(Tensor input)
        {
            scale ??= full(1, 0.5f);
            return last.forward(first.forward(input) * scale);
        }
    }

    private sealed class Remembering() : UnusualModel("remembering")
    {
        private readonly List<int> seen = [];

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            if (seen.Count > 1000)
                x = x.tanh();
            seen.Add(1);
            return last.forward(x);
        }
    }
}
