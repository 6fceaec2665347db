using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Takes the running statistics of every BatchNorm from a random batch, as training would.</summary>
internal static class BatchStatistics
{
    public static void Apply(nn.Module model, Tensor batch)
    {
        BatchNorm[] norms = [.. model.modules().OfType<BatchNorm>()];
        if (norms.Length == 0)
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        double?[] momenta = [.. norms.Select(norm => norm.momentum)];
        model.eval();
        foreach (BatchNorm norm in norms)
        {
            norm.momentum = 1;
            norm.train();
        }
        Zoo.ZooEntry.Run(model, [batch]);
        foreach ((BatchNorm norm, double? momentum) in norms.Zip(momenta))
            norm.momentum = momentum;
        model.eval();
    }
}
