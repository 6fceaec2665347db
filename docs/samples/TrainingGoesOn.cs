using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Core.Training;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace TrainingGoesOn;

public static class Pruning
{
    public static SpeedupReport Shrink(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer, Tensor example, MaskSet masks)
    {
        var transfer = OptimizerTransfer.Begin(model, optimizer); // before: it notes which state belongs to which parameter
        SpeedupReport report = ModelSpeedup.Run(model, [example], masks);
        foreach (string name in transfer.Complete()) // after: the optimizer has the small model's parameters
            Console.WriteLine($"{name} begins without state");
        return report;
    }

    public static void Tune(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer, IEnumerable<(Tensor Input, Tensor Target)> batches)
    {
        model.train();
        foreach ((Tensor input, Tensor target) in batches)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(model.call(input), target).backward();
            optimizer.step();
        }
    }
}
