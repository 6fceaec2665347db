using System.Diagnostics;
using static TorchSharp.torch;

namespace Speedup.Pruning.Latency;

/// <summary>Times the layers of a model that have one input and one output, by hooks around their calls, until it is disposed.</summary>
public sealed class LayerClock : IDisposable
{
    private readonly List<(string Path, nn.Module<Tensor, Tensor> Layer, Time Time)> _layers = [];
    private readonly List<Action> _remove = [];

    /// <summary>Hooks into the layers without children.</summary>
    /// <param name="model">The model; its hooks are gone when the clock is disposed.</param>
    public LayerClock(nn.Module model)
    {
        foreach ((string path, nn.Module module) in model.named_modules())
        {
            if (module is not nn.Module<Tensor, Tensor> layer || layer.children().Any())
                continue;
            var time = new Time();
            var before = layer.register_forward_pre_hook(
                (_, input) =>
                {
                    time.Started = Stopwatch.GetTimestamp();
                    return input;
                }
            );
            var after = layer.register_forward_hook(
                (_, _, output) =>
                {
                    time.OfPass += Stopwatch.GetElapsedTime(time.Started).TotalMilliseconds;
                    return output;
                }
            );
            _layers.Add((path, layer, time));
            _remove.Add(before.remove);
            _remove.Add(after.remove);
        }
    }

    /// <summary>Ends a pass.</summary>
    public void EndPass()
    {
        foreach ((_, _, Time time) in _layers)
        {
            time.Passes.Add(time.OfPass);
            time.OfPass = 0;
        }
    }

    /// <summary>Forgets the passes so far.</summary>
    public void Reset() => _layers.ForEach(layer => layer.Time.Passes.Clear());

    /// <summary>Median milliseconds of each layer that was called, by path.</summary>
    /// <returns>Class and time of each layer; all its calls in a pass together.</returns>
    public IReadOnlyDictionary<string, (string Type, double Milliseconds)> Read() =>
        _layers
            .Where(layer => layer.Time.Passes.Exists(pass => pass > 0))
            .ToDictionary(layer => layer.Path, layer => (layer.Layer.GetType().Name, Medians.Of(layer.Time.Passes)));

    /// <inheritdoc/>
    public void Dispose() => _remove.ForEach(remove => remove());

    private sealed class Time
    {
        public long Started { get; set; }

        public double OfPass { get; set; }

        public List<double> Passes { get; } = [];
    }
}
