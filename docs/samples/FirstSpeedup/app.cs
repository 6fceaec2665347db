#:package Speedup@0.1.0
#:package TorchSharp-cpu@0.107.0
#:property PublishAot=false

using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

using IDisposable noGradients = no_grad();
using var model = new ResidualNet();
model.eval();

// What a pruner hands over: 0/1 masks of the weights' shapes. Here half of the filters goes from the first layer of each block: those of the smallest L1 norm.
using var masks = new MaskSet([LargestHalf("blocks.0.conv1"), LargestHalf("blocks.1.conv1"), LargestHalf("blocks.2.conv1")]);

// What the masked model computes, for comparison.
foreach (MaskEntry entry in masks.Entries)
    Weight(entry.ModulePath).mul_(entry.Mask);
Tensor[] inputs = [randn(1, 3, 32, 32), randn(3, 3, 64, 64), randn(7, 3, 40, 96)];
Tensor[] expected = [.. inputs.Select(model.call)];

SpeedupReport report = ModelSpeedup.Run(model, [inputs[0]], masks); // in place

Console.WriteLine($"{report.ParametersBefore} -> {report.ParametersAfter} parameters");
foreach ((Tensor input, Tensor output) in inputs.Zip(expected))
{
    float error = ((model.call(input) - output).abs().max() / output.abs().max()).item<float>();
    Console.WriteLine($"{string.Join('x', input.shape)}: largest relative error {error:0e+00}");
}

Tensor Weight(string layer) => model.state_dict()[$"{layer}.weight"];

MaskEntry LargestHalf(string layer)
{
    Tensor norms = Weight(layer).abs().sum([1, 2, 3]);
    Tensor kept = norms.gt(norms.median()).to(float32).reshape(-1, 1, 1, 1);
    return new MaskEntry(layer, "weight", kept.expand_as(Weight(layer)).clone());
}

internal sealed class ResidualNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d stem = nn.Conv2d(3, 32, 3, padding: 1);
    private readonly Sequential blocks = nn.Sequential(new Block(32), new Block(32), new Block(32));
    private readonly Linear head = nn.Linear(32, 10);

    public ResidualNet()
        : base(nameof(ResidualNet)) => RegisterComponents();

    public override Tensor forward(Tensor input) => head.call(blocks.call(stem.call(input)).mean([2, 3]));
}

internal sealed class Block : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d norm;
    private readonly Conv2d conv2;

    public Block(long width)
        : base(nameof(Block))
    {
        conv1 = nn.Conv2d(width, 2 * width, 3, padding: 1);
        norm = nn.BatchNorm2d(2 * width);
        conv2 = nn.Conv2d(2 * width, width, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        nn.functional.relu(input + conv2.call(nn.functional.relu(norm.call(conv1.call(input)))));
}
