using Speedup.Modules.Pruned;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Finds out how many heads an attention module has. TorchSharp keeps the number in native memory only; but the result of the module
/// tells, since every number of heads computes another function.
/// </summary>
internal static class HeadCount
{
    private const long Seed = 20_260_702;
    private const int Tokens = 3;
    private const double Tolerance = 1e-4;

    /// <summary>The number of heads; null where no number, or more than one, gives the module's result.</summary>
    public static int? Find(nn.Module module)
    {
        if (module is PrunedMultiheadAttention pruned)
            return pruned.Heads;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        HeadWeights weights = HeadWeights.Read(module);
        int columns = (int)weights.Output.shape[1];
        using var generator = new Generator(Seed);
        Tensor[] inputs = [.. weights.Inputs.Select(weight => Draw(weight, generator))];
        // with weights: without them the second result is a tensor without memory, which stays on TorchSharp's list of live ones
        Tensor expected = ((MultiheadAttention)module).call(inputs[0], inputs[1], inputs[2], null!, true, null!).Item1;
        int[] fitting = [.. Enumerable.Range(1, columns).Where(heads => columns % heads == 0 && Fits(heads))];
        return fitting is [int only] ? only : null;

        bool Fits(int heads)
        {
            using PrunedMultiheadAttention candidate = Create(weights, heads, columns / heads);
            Tensor actual = candidate.forward(inputs[0], inputs[1], inputs[2], null!, false, null!).Item1;
            return (actual - expected).abs().max().ToDouble() <= Tolerance * expected.abs().max().ToDouble();
        }
    }

    private static Tensor Draw(Tensor weight, Generator generator) =>
        (randn([Tokens, 1, weight.shape[1]], dtype: ScalarType.Float32, generator: generator) * 2).to(weight.dtype).to(weight.device);

    private static PrunedMultiheadAttention Create(HeadWeights weights, int heads, int width) =>
        new(
            heads,
            width,
            weights.Inputs[0].clone(),
            weights.Inputs[1].clone(),
            weights.Inputs[2].clone(),
            weights.Bias?.clone(),
            weights.Output.clone(),
            weights.BiasOfOutput?.clone()
        );
}
