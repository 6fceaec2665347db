using static EndToEnd.Tests.ConditionNetworks;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Code that takes sizes along all sorts of ways.</summary>
internal static class ConditionCode
{
    internal static Tensor Repeat(Tensor x, long times)
    {
        for (int i = 0; i < times; i++)
            x = x + 0.25;
        return x;
    }

    internal static int CountRows(Tensor x)
    {
        int rows = 0;
        for (int i = 0; i < x.shape[0]; i++)
            rows++;
        return rows;
    }

    internal static Tensor Bend(Tensor x, long size) => size > 20 ? x.tanh() : x;

    internal static Tensor Locally(Tensor x)
    {
        long height = x.shape[2];
        return Run(x);

        Tensor Run(Tensor y) => height > 20 ? y.tanh() : y;
    }

    internal static long Fill(Tensor x)
    {
        var extent = default(MutableExtent);
        extent.Read(x);
        return extent.Height;
    }

    internal static long? HeightIf(Tensor x, bool known) => known ? x.shape[2] : null;

    internal static long InSpan(Tensor x)
    {
        Span<long> sizes = stackalloc long[2];
        sizes[1] = x.shape[2];
        return sizes[1];
    }

    internal static long Ask<T>(T meter)
        where T : struct, IMeter => meter.Height;

    internal static IMeter Measured(Tensor x) => new Meter(x);

    internal static IEnumerable<double> StepsTo(long size)
    {
        for (long step = 4; step < size; step *= 2)
            yield return 0.5;
    }

    internal static int Counted(long size) => Enumerable.Range(0, 3).Count(i => i < size - 20) + 1;

    internal static Tensor ByOption(Tensor x, int option) =>
        option switch
        {
            1 => x.tanh(),
            2 => x.sigmoid(),
            3 => x.relu(),
            _ => x,
        };

    internal static Tensor Guarded(Tensor x, Tensor? mask) => mask is null ? x : x * mask;

    internal static (long Height, long Width) SizeOf(Tensor x) => (x.shape[2], x.shape[3]);

    internal static List<long> ListOf(Tensor x)
    {
        var list = new List<long>();
        list.Add(x.shape[2]);
        return list;
    }

    internal static long[] ArrayOf(Tensor x)
    {
        long[] sizes = new long[2];
        sizes[1] = x.shape[2];
        return sizes;
    }

    internal static bool IsLarge(long size) => size > 20;

    internal static double ScaleOf(long size)
    {
        if (size > 20)
            return 0.5;
        return 1.5;
    }

    internal static void ReadHeight(Tensor x, ref long height) => height = x.shape[2];

    internal static long HeightThrough(Tensor x)
    {
        long height = 0;
        ReadHeight(x, ref height);
        return height;
    }

    internal static Tensor ByBatch(Tensor x)
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

    internal static Tensor Captured(Tensor x)
    {
        long height = x.shape[2];
        Func<Tensor, Tensor> choose = y => height > 20 ? y.tanh() : y;
        return choose(x);
    }

    internal static IEnumerable<Tensor> Rows(Tensor x)
    {
        for (long i = 0; i < x.shape[0]; i++)
            yield return x.select(0, i);
    }

    internal static Tensor Halve(Tensor x)
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

    internal static long Caught(Tensor x)
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

    internal static Tensor Scale(Chooser model, Tensor x)
    {
        foreach (double scale in model.Scales)
        {
            if (scale > 1)
                x *= scale;
        }
        return x;
    }

    internal static Tensor Gather(Tensor x)
    {
        List<Tensor> parts = [];
        for (int i = 0; i < 3; i++)
            parts.Add(x * i);
        return parts.Count > 2 ? parts[2] : x;
    }

    internal sealed class Box
    {
        public long Height { get; set; }
    }

    internal interface IMeter
    {
        long Height { get; }
    }

    internal readonly struct Meter(Tensor x) : IMeter
    {
        public long Height => x.shape[2];
    }

    internal sealed record Extent(long Height, long Width);

    internal struct MutableExtent
    {
        public long Height;

        public void Read(Tensor x) => Height = x.shape[2];
    }

    internal static class Shared
    {
        private static int calls;

        public static int Next() => ++calls;
    }
}
