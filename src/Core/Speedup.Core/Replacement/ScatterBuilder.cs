using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Modules.Pruned;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Replacement;

/// <summary>Puts a smaller module into one that scatters its output.</summary>
internal static class ScatterBuilder
{
    /// <summary>Wraps a replacement, which the result takes over.</summary>
    public static ScatteredOutput Wrap(Scatter scatter, RemovalPlan plan, nn.Module replacement)
    {
        using var _ = no_grad();
        AxisFacts facts = scatter.Original.Output(0)[scatter.Axis];
        IReadOnlyList<int> outer = plan.KeptOn(scatter.Outer, scatter.Length);
        HashSet<int> inner = [.. plan.KeptOn(scatter.Inner, scatter.Length)];
        long[] places = [.. Enumerable.Range(0, outer.Count).Where(place => inner.Contains(outer[place])).Select(place => (long)place)];
        double[] constants = [.. outer.Select(i => !inner.Contains(i) && facts.IsConstant(i) ? facts.ConstantAt(i) : 0)];
        Parameter first = replacement.parameters().First();
        var wrapped = new ScatteredOutput(
            (nn.Module<Tensor, Tensor>)replacement,
            scatter.Axis,
            tensor(places, device: first.device),
            tensor(constants, first.dtype, first.device)
        );
        wrapped.train(scatter.Original.Module!.training);
        return wrapped;
    }
}
