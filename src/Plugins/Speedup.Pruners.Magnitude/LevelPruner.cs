using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruners.Magnitude;

/// <summary>
/// Single weights, the smallest absolute values first. Nothing becomes smaller by it unless whole channels happen to be gone; weights equal
/// to the largest that goes, go, too, as with NNI.
/// </summary>
internal sealed class LevelPruner : IPruner
{
    private const string Weight = "weight";

    public string Name => "level";

    public string Description => "single weights of the smallest absolute value (fine-grained)";

    public IReadOnlyList<string> DefaultOpTypes => LayerTypes.Linear;

    public MaskSet Prune(PruningRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.GroupScore != GroupScore.None)
            throw new PruningException(
                "SPD9006",
                $"The pruner '{Name}' takes single weights, which go together with nothing. Set GroupScore to None, or use a pruner of channels."
            );
        var layers = new ModelLayers(request.Model);
        using var noGradient = no_grad();
        (string Path, Tensor Weight, double Sparsity)[] weights =
        [
            .. request.Targets.Layers.Select(target =>
                (target.ModulePath, (Tensor)layers[target.ModulePath].get_parameter(Weight)!, target.Sparsity)
            ),
        ];
        var entries = new List<MaskEntry>();
        double? threshold = request.Ranking == PruningRanking.Global ? GlobalThreshold(weights) : null;
        foreach ((string path, Tensor weight, double sparsity) in weights)
        {
            cancellation.ThrowIfCancellationRequested();
            entries.Add(new MaskEntry(path, Weight, MaskOf(weight, threshold ?? ThresholdOf([weight], sparsity))));
        }
        return new MaskSet(entries);
    }

    private static double? GlobalThreshold((string Path, Tensor Weight, double Sparsity)[] weights) =>
        ThresholdOf([.. weights.Select(item => item.Weight)], weights.Select(item => item.Sparsity).DefaultIfEmpty(0).Min());

    /// <summary>The largest absolute value that goes; below all where nothing does.</summary>
    private static double ThresholdOf(Tensor[] weights, double sparsity)
    {
        using var scope = NewDisposeScope();
        long count = (long)(weights.Sum(weight => weight.numel()) * sparsity);
        if (count == 0)
            return -1;
        Tensor values = cat([.. weights.Select(weight => weight.detach().abs().reshape(-1).to(ScalarType.Float64).cpu())]);
        return values.kthvalue(count, 0).values.item<double>();
    }

    private static Tensor MaskOf(Tensor weight, double threshold)
    {
        using var scope = NewDisposeScope();
        using Tensor limit = tensor(threshold, ScalarType.Float64, weight.device);
        return weight.detach().abs().to(ScalarType.Float64).gt(limit).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
