using System.Diagnostics;
using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>What the copies of a model's state cost, at the size of a ResNet-50: 25 million parameters.</summary>
public sealed class LargeModelTests(ITestOutputHelper output)
{
    [Fact]
    public void Speedup_OfALargeModel_KeepsNoCopyOfItInMemory()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(
            Enumerable
                .Range(0, 6)
                .SelectMany(i =>
                    new (string, nn.Module<Tensor, Tensor>)[] { ($"layer{i}", nn.Linear(2048, 2048)), ($"relu{i}", nn.ReLU()) }
                )
        );
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "layer0", 1, 2, 3));
        long before = Environment.WorkingSet;
        using var sampler = new Sampler();
        var watch = Stopwatch.StartNew();

        SpeedupReport report = ModelSpeedup.Run(model, [randn(4, 2048)], masks);

        long size = report.ParametersBefore * sizeof(float);
        output.WriteLine(
            $"{report.ParametersBefore} parameters, {size >> 20} MB; {watch.Elapsed.TotalSeconds:0.0} s; peak +{(sampler.Peak - before) >> 20} MB"
        );
        Assert.Equal(2045, ((Linear)model.named_children().First().module).weight.shape[0]);
        // Two layers are made anew, with masks and temporary values of 100 MB in all; a copy of the model would come on top.
        Assert.InRange(sampler.Peak - before, long.MinValue, size * 3 / 2);
    }

    private sealed class Sampler : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Worker _worker;

        public Sampler() =>
            _worker = new Worker(() =>
            {
                while (!_stop.IsCancellationRequested)
                {
                    Peak = Math.Max(Peak, Environment.WorkingSet);
                    Thread.Sleep(2);
                }
            });

        public long Peak { get; private set; }

        public void Dispose()
        {
            _stop.Cancel();
            _worker.Join();
            _stop.Dispose();
        }
    }
}
