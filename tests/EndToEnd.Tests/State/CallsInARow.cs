using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>Speeds up a model whose calls leave something to later ones, and compares masked and small model over calls in a row.</summary>
internal static class CallsInARow
{
    private const int Calls = 6;

    /// <summary>Masks filters of 'first', speeds the model up, and compares; both models start from the state that they were made with.</summary>
    /// <param name="make">Makes the model.</param>
    /// <param name="example">The example input.</param>
    /// <param name="withBias">Whether the biases of the filters are masked, too, so that the channels are zero.</param>
    /// <param name="sizes">Shapes of the inputs of calls.</param>
    /// <returns>The report, and how many filters are left.</returns>
    public static (SpeedupReport Report, long Filters) AssertExact(
        Func<nn.Module<Tensor, Tensor>> make,
        Tensor example,
        bool withBias,
        params long[][] sizes
    )
    {
        using var _ = no_grad();
        using nn.Module<Tensor, Tensor> small = UnusualModel.Draw(make());
        using nn.Module<Tensor, Tensor> masked = UnusualModel.Draw(make());
        using MaskSet masks = Masks(small, withBias);
        Numbers.ApplyMasks(masked, masks);
        SpeedupReport report = ModelSpeedup.Run(small, [example], masks);
        Tensor[] inputs = [.. Enumerable.Range(0, Calls).Select(call => randn(sizes[call % sizes.Length]))];
        Tensor[] expected = [.. inputs.Select(input => masked.forward(input.clone()))];
        make().Dispose(); // which sets static state anew
        for (int call = 0; call < Calls; call++)
        {
            double error = Numbers.RelativeError(expected[call], small.forward(inputs[call].clone()));
            Assert.True(error < 1e-5, $"call {call}: relative error {error:G3}; {string.Join(" | ", report.Notes)}");
        }
        return (report, small.state_dict()["first.weight"].shape[0]);
    }

    /// <summary>Masks three filters of 'first'.</summary>
    public static MaskSet Masks(nn.Module model, bool withBias)
    {
        int[] rows = [2, 3, 4];
        MaskEntry weight = MaskFactory.Rows(model, "first", rows);
        if (!withBias)
            return MaskFactory.Set(weight);
        Tensor bias = ones(model.state_dict()["first.bias"].shape).DetachFromDisposeScope();
        foreach (int row in rows)
            bias[row] = 0;
        return MaskFactory.Set(weight, new MaskEntry("first", "bias", bias));
    }
}
