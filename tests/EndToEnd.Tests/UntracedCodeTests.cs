using System.Runtime.InteropServices;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Code that nobody follows, on other threads and by reflection, and numbers that are written where nobody looks.</summary>
public sealed class UntracedCodeTests
{
    public static TheoryData<string> Numbers => [.. Writes.Keys];

    public static TheoryData<string> Codes => [.. Steps.Keys];

    private static Dictionary<string, Func<Tensor, Tensor>> Writes { get; } =
        new(StringComparer.Ordinal)
        {
            ["accessor"] = y =>
            {
                Tensor limit = zeros(1);
                limit.data<float>()[0] = y.shape[1] * 10;
                return minimum(y, limit);
            },
            ["accessor in a helper"] = y =>
            {
                Tensor limit = zeros(1);
                Fill(limit.data<float>(), y.shape[1] * 10);
                return minimum(y, limit);
            },
            ["accessor, copied"] = y =>
            {
                Tensor limit = zeros(1);
                limit.data<float>().CopyFrom([y.shape[1] * 10f]);
                return minimum(y, limit);
            },
            ["accessor behind a view"] = y =>
            {
                Tensor limits = zeros(4);
                Tensor limit = limits[2];
                limits.data<float>()[2] = y.shape[1] * 10;
                return minimum(y, limit);
            },
            ["bytes"] = y =>
            {
                Tensor limit = zeros(1);
                MemoryMarshal.Cast<byte, float>(limit.bytes)[0] = y.shape[1] * 10;
                return minimum(y, limit);
            },
            ["bytes, set"] = y =>
            {
                Tensor limit = zeros(1);
                float[] value = [y.shape[1] * 10f];
                limit.bytes = MemoryMarshal.AsBytes(value.AsSpan());
                return minimum(y, limit);
            },
            ["storage"] = y =>
            {
                Tensor limit = zeros(1);
                limit.storage<float>()[0] = y.shape[1] * 10;
                return minimum(y, limit);
            },
        };

    private static Dictionary<string, Func<Tensor, Tensor, Tensor>> Steps { get; } =
        new(StringComparer.Ordinal)
        {
            ["task"] = (y, p) => Task.Run(() => y.matmul(p)).Result,
            ["async"] = (y, p) => Mix(y, p).Result,
            ["reflection"] = (y, p) => (Tensor)typeof(Tensor).GetMethod("matmul")!.Invoke(y, [p])!,
            ["dynamic"] = (y, p) => (Tensor)((dynamic)y).matmul((dynamic)p),
            ["parallel query"] = (y, p) => new[] { y }.AsParallel().Select(t => t.matmul(p)).First(),
            ["query"] = (y, p) => y.unbind(0).Select(t => t.matmul(p)).Aggregate((sum, t) => sum + t).unsqueeze(0) + (y * 0),
            ["lazy"] = (y, p) => new Lazy<Tensor>(() => y.matmul(p)).Value,
            ["thread"] = (y, p) => InThread(() => y.matmul(p)),
            ["thread that is given something"] = (y, p) =>
            {
                Tensor[] result = [y, null!];
                var thread = new Thread(given => ((Tensor[])given!)[1] = ((Tensor[])given)[0].matmul(p));
                thread.Start(result);
                thread.Join();
                return result[1];
            },
            ["thread that looks at sizes"] = (y, p) =>
            {
                long size = y.shape[3];
                var thread = new Thread(() => ArgumentOutOfRangeException.ThrowIfNotEqual(size, 12));
                thread.Start();
                thread.Join();
                return y.matmul(p);
            },
            ["pool"] = (y, p) =>
            {
                Tensor result = null!;
                using var done = new ManualResetEventSlim();
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    using var always = new Signal(done);
                    result = y.matmul(p);
                });
                done.Wait();
                return result;
            },
            ["timer"] = (y, p) =>
            {
                Tensor result = null!;
                using var done = new ManualResetEventSlim();
                using var timer = new Timer(
                    _ =>
                    {
                        using var always = new Signal(done);
                        result = y.matmul(p);
                    },
                    null,
                    0,
                    Timeout.Infinite
                );
                done.Wait();
                return result;
            },
            ["parallel loop that writes"] = (y, p) =>
            {
                Tensor z = y + 0;
                Parallel.For(0, 2, i => z[0, i] = (y[0, i] * 2) + p[0]);
                return z;
            },
        };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Speedup_OfAModelThatWritesChannelCounts_IsExact(string write)
    {
        using var scope = NewDisposeScope();
        using var model = new Limited(Writes[write]);
        using var masked = new Limited(Writes[write]);
        using MaskSet masks = Columns(model, "last", 1, 2, 5, 6);
        EndToEnd.Tests.Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn(2, 3, 12, 12)], masks);

        AssertEqual(masked, model);
    }

    /// <summary>With inputs of the user's alone, and with those that the engine makes up, on which such code fails.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public void Speedup_OfCodeThatIsNotFollowed_IsExactAndTheProcessLives(string code)
    {
        foreach (bool isGiven in new[] { true, false })
        {
            using var scope = NewDisposeScope();
            using var model = new Mixed(Steps[code]);
            using var masked = new Mixed(Steps[code]);
            using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2, 5));
            EndToEnd.Tests.Numbers.ApplyMasks(masked, masks);
            Tensor[][] others = isGiven
                ?
                [
                    [randn(3, 3, 12, 12)],
                ]
                : [];

            ModelSpeedup.Run(model, [randn(2, 3, 12, 12)], masks, options => options.Defaults = new() { OtherInputs = others });

            using var _ = no_grad();
            foreach (long batch in new long[] { 1, 3, 7, 2 })
            {
                Tensor input = randn(batch, 3, 12, 12);
                Assert.InRange(EndToEnd.Tests.Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, 1e-5);
            }
        }
    }

    /// <summary>The user's own example fails: the error is the thread's, and the model is unchanged.</summary>
    [Fact]
    public void Speedup_OfAThreadThatFailsOnTheExample_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = new Mixed(Steps["thread"]);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2, 5));
        Dictionary<string, Tensor> before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        var error = Assert.Throws<SpeedupException>(() => ModelSpeedup.Run(model, [randn(2, 3, 10, 10)], masks));

        Assert.Equal("SPD2002", error.Code);
        Assert.Contains("they do not fit", error.Message, StringComparison.Ordinal);
        Assert.All(model.state_dict(), entry => Assert.True(entry.Value.Equals(before[entry.Key])));
    }

    private static void Fill(TorchSharp.Utils.TensorAccessor<float> accessor, long value) => accessor[0] = value;

    private static async Task<Tensor> Mix(Tensor y, Tensor p)
    {
        await Task.Yield();
        return y.matmul(p);
    }

    private static Tensor InThread(Func<Tensor> function)
    {
        Tensor result = null!;
        var thread = new Thread(() => result = function());
        thread.Start();
        thread.Join();
        return result;
    }

    private static MaskSet Columns(nn.Module model, string path, params int[] columns)
    {
        Tensor mask = ones(model.state_dict()[$"{path}.weight"].shape).DetachFromDisposeScope();
        foreach (int column in columns)
            mask.select(1, column).zero_();
        return new MaskSet([new MaskEntry(path, "weight", mask)]);
    }

    private static void AssertEqual(nn.Module<Tensor, Tensor> masked, nn.Module<Tensor, Tensor> small)
    {
        using var _ = no_grad();
        foreach (double scale in new[] { 1.0, 100.0 })
        foreach (long batch in new long[] { 1, 3, 7 })
        foreach (long size in new long[] { 12, 24 })
        {
            Tensor input = randn(batch, 3, size, size) * scale;
            Assert.InRange(EndToEnd.Tests.Numbers.RelativeError(masked.forward(input), small.forward(input)), 0, 1e-5);
        }
    }

    private sealed class Signal(ManualResetEventSlim set) : IDisposable
    {
        public void Dispose() => set.Set();
    }

    private sealed class Limited : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Conv2d last = nn.Conv2d(8, 4, 3);
        private readonly Func<Tensor, Tensor> write;

        public Limited(Func<Tensor, Tensor> write)
            : base(nameof(Limited))
        {
            this.write = write;
            RegisterComponents();
            UnusualModel.Draw(this);
        }

        public override Tensor forward(Tensor input) => last.forward(write(first.forward(input)));
    }

    private sealed class Mixed : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3, padding: 1L);
        private readonly Conv2d last = nn.Conv2d(8, 4, 3, padding: 1L);
        private readonly Parameter mix = nn.Parameter(randn(12, 12));
        private readonly Func<Tensor, Tensor, Tensor> step;

        public Mixed(Func<Tensor, Tensor, Tensor> step)
            : base(nameof(Mixed))
        {
            this.step = step;
            RegisterComponents();
            UnusualModel.Draw(this);
        }

        public override Tensor forward(Tensor input) => last.forward(step(first.forward(input), mix));
    }
}
