using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>A small model beside the masked one that it is to be.</summary>
internal sealed record Twin<T>(T Small, T Masked, SpeedupReport Report) : IDisposable
    where T : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes a model twice, with the same weights, and speeds one of them up; rows of weights are masked by layer.</summary>
    public static Twin<T> Speed(Func<T> make, Tensor example, params IEnumerable<(string Layer, int[] Rows)> pruned)
    {
        using var _ = no_grad();
        T small = UnusualModel.Draw(make());
        T masked = UnusualModel.Draw(make());
        using MaskSet masks = MaskFactory.Set([.. pruned.Select(layer => MaskFactory.Rows(small, layer.Layer, layer.Rows))]);
        Numbers.ApplyMasks(masked, masks);
        return new Twin<T>(small, masked, ModelSpeedup.Run(small, [example], masks));
    }

    /// <summary>Output features of a layer of the small model.</summary>
    public long RowsOf(string layer) => Small.state_dict()[$"{layer}.weight"].shape[0];

    /// <summary>Asserts that both compute the same, in plain passes that draw the same random numbers.</summary>
    public void AssertEqual(Tensor input)
    {
        using var _ = no_grad();
        manual_seed(7);
        Tensor expected = Masked.forward(input);
        manual_seed(7);
        Assert.InRange(Numbers.RelativeError(expected, Small.forward(input)), 0, 1e-5);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Small.Dispose();
        Masked.Dispose();
    }
}
