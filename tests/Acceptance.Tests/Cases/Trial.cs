using Acceptance.Tests.Support;
using EndToEnd.Tests;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using Zoo;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>
/// A network of which a copy is masked by the test itself, with TorchSharp alone. After a speedup both must compute the same on
/// inputs that the engine has never seen.
/// </summary>
/// <remarks>Numbers as a trained network could have them: see <see cref="RandomStatistics"/> and <see cref="BatchStatistics"/>.</remarks>
internal sealed class Trial<TModel> : IDisposable
    where TModel : nn.Module
{
    private const double Float32Tolerance = 1e-5;
    private const double Float64Tolerance = 1e-11;
    private readonly ScalarType _dtype;
    private readonly long[] _example;

    /// <summary>Creates the network twice, with the same numbers.</summary>
    /// <param name="create">Creates it; called twice.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="example">Shape of the example input.</param>
    /// <param name="seed">Seed of all numbers.</param>
    /// <param name="adjust">Changes numbers, if the case asks for special ones.</param>
    public Trial(Func<TModel> create, ScalarType dtype, long[] example, int seed = 1, Action<TModel>? adjust = null)
    {
        using var noGradient = no_grad();
        _dtype = dtype;
        _example = example;
        Model = create();
        RandomStatistics.Apply(Model, seed);
        Model.to(dtype);
        BatchStatistics.Apply(Model, Draw([4, .. example.Skip(1)], 50));
        adjust?.Invoke(Model);
        Model.eval();
        Masked = create();
        Masked.to(dtype);
        Masked.load_state_dict(Model.state_dict());
        Masked.eval();
        Masks = new RowMasks(Model);
    }

    /// <summary>The network that is made small.</summary>
    public TModel Model { get; }

    /// <summary>Its copy, full-sized, into which <see cref="Run"/> multiplies the masks.</summary>
    public TModel Masked { get; }

    /// <summary>What is pruned.</summary>
    public RowMasks Masks { get; }

    public double Tolerance => _dtype == ScalarType.Float64 ? Float64Tolerance : Float32Tolerance;

    /// <summary>Masks the copy, and makes the model small.</summary>
    public SpeedupReport Run(SpeedupOptions? options = null)
    {
        using MaskSet masks = Masks.ToSet();
        Numbers.ApplyMasks(Masked, masks);
        return Engine.Shared.Speedup(Model, [Draw(_example, 51)], masks, options);
    }

    /// <summary>Both networks say the same on fresh inputs of these shapes.</summary>
    public void AssertEqual(params long[][] shapes)
    {
        using var noGradient = no_grad();
        foreach (long[] shape in shapes)
        {
            using var scope = NewDisposeScope();
            (IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual) = Outputs(shape);
            Assert.Equal(expected.Count, actual.Count);
            foreach ((Tensor wanted, Tensor got) in expected.Zip(actual))
            {
                double error = Numbers.RelativeError(wanted, got);
                Assert.True(error <= Tolerance, $"relative error {error} on [{string.Join(',', shape)}]");
            }
        }
    }

    /// <summary>What the masked and the small network say of a fresh input.</summary>
    public (IReadOnlyList<Tensor> Expected, IReadOnlyList<Tensor> Actual) Outputs(long[] shape)
    {
        using var noGradient = no_grad();
        Tensor input = Draw(shape, 52);
        return (ZooEntry.Run(Masked, [input]), ZooEntry.Run(Model, [input]));
    }

    /// <summary>Shape of a parameter of the small model.</summary>
    public long[] Shape(string parameter) => Model.state_dict()[parameter].shape;

    public void Dispose()
    {
        Model.Dispose();
        Masked.Dispose();
    }

    private Tensor Draw(long[] shape, ulong seed)
    {
        using var generator = new Generator(seed);
        return randn(shape, dtype: ScalarType.Float64, generator: generator).to(_dtype);
    }
}
