using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>
/// A model of any signature that was made twice, with the same weights, and sped up once, with masks over weights and biases: compared by calls in
/// a row, at sizes and scales that the engine has not seen.
/// </summary>
internal sealed class Trial<T> : IDisposable
    where T : nn.Module
{
    private readonly Func<T, Tensor[], Tensor> _call;
    private readonly double _tolerance;

    private Trial(T small, T masked, SpeedupReport report, Func<T, Tensor[], Tensor> call, double tolerance)
    {
        (Small, Masked, Report, _call, _tolerance) = (small, masked, report, call, tolerance);
    }

    /// <summary>The small model.</summary>
    public T Small { get; }

    /// <summary>The masked one.</summary>
    public T Masked { get; }

    /// <summary>What was done.</summary>
    public SpeedupReport Report { get; }

    /// <summary>Makes the models and speeds one of them up.</summary>
    /// <param name="make">Makes a model; its weights are drawn anew.</param>
    /// <param name="call">Calls it.</param>
    /// <param name="example">The example inputs.</param>
    /// <param name="pruned">Rows that are pruned, by parameter: <c>a.weight</c>.</param>
    /// <param name="options">Options of the speedup.</param>
    /// <param name="dtype">Type of the model.</param>
    public static Trial<T> Run(
        Func<T> make,
        Func<T, Tensor[], Tensor> call,
        Tensor[] example,
        (string Parameter, int[] Rows)[] pruned,
        SpeedupOptions? options = null,
        ScalarType dtype = ScalarType.Float32
    )
    {
        using var _ = no_grad();
        T small = Draw(make(), dtype);
        T masked = Draw(make(), dtype);
        using var masks = new MaskSet([.. pruned.Select(entry => Mask(small, entry.Parameter, entry.Rows))]);
        Numbers.ApplyMasks(masked, masks);
        Tensor[] typed = [.. example.Select(tensor => tensor.is_floating_point() ? tensor.to(dtype) : tensor)];
        SpeedupReport report = ModelSpeedup.Run(small, typed, masks, options is null ? null : host => host.Defaults = options);
        return new Trial<T>(small, masked, report, call, dtype == ScalarType.Float64 ? 1e-10 : 1e-5);
    }

    /// <summary>Asserts that both compute the same, call after call.</summary>
    public void AssertEqual(params Tensor[] inputs)
    {
        using var _ = no_grad();
        Tensor[] typed =
        [
            .. inputs.Select(tensor => tensor.is_floating_point() && _tolerance < 1e-6 ? tensor.to(ScalarType.Float64) : tensor),
        ];
        Tensor expected = _call(Masked, [.. typed.Select(tensor => tensor.clone())]);
        Tensor actual = _call(Small, [.. typed.Select(tensor => tensor.clone())]);
        string shapes = string.Join("; ", inputs.Select(tensor => string.Join(",", tensor.shape)));
        double error = Numbers.RelativeError(expected, actual);
        Assert.True(error <= _tolerance, $"relative error {error:G3} at [{shapes}]");
    }

    /// <summary>The first axis of a parameter of the small model.</summary>
    public long RowsOf(string parameter) => Small.state_dict()[parameter].shape[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        Small.Dispose();
        Masked.Dispose();
    }

    private static T Draw(T model, ScalarType dtype)
    {
        UnusualModel.Draw(model);
        return dtype == ScalarType.Float32 ? model : (T)model.to(dtype); // TorchSharp cannot convert a ModuleDict
    }

    private static MaskEntry Mask(nn.Module model, string parameter, int[] rows)
    {
        Tensor mask = ones(model.state_dict()[parameter].shape).DetachFromDisposeScope();
        foreach (int row in rows)
            mask[row].zero_().Dispose();
        int dot = parameter.LastIndexOf('.');
        return new MaskEntry(dot < 0 ? "" : parameter[..dot], parameter[(dot + 1)..], mask);
    }
}
