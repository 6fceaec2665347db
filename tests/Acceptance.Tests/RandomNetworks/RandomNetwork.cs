using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>A network whose forward pass interprets a list of steps. Values may have many readers; some steps write in place.</summary>
internal sealed class RandomNetwork : nn.Module<Tensor, Tensor[]>
{
    private readonly List<Step> _steps = [];
    private readonly List<int> _outputs = [];

    public RandomNetwork()
        : base(nameof(RandomNetwork)) { }

    public IReadOnlyList<Step> Steps => _steps;

    public IReadOnlyList<int> Outputs => _outputs;

    /// <summary>Adds a step, and its module under the step's number.</summary>
    public void Add(Step step)
    {
        _steps.Add(step);
        if (step.Module is { } module && !named_children().Any(child => ReferenceEquals(child.module, module)))
            register_module($"step{_steps.Count}", module);
    }

    public void AddOutput(int value) => _outputs.Add(value);

    public override Tensor[] forward(Tensor input)
    {
        var values = new List<Tensor> { input };
        foreach (Step step in _steps)
            values.Add(Run(step, values));
        return [.. _outputs.Select(output => values[output])];
    }

    /// <summary>Also used while a network is made, to learn shapes.</summary>
    public static Tensor Run(Step step, List<Tensor> values)
    {
        Tensor first = values[step.First];
        Tensor second = values[step.Second];
        return step.Kind switch
        {
            StepKind.Module => step.Module!.call(first),
            StepKind.Add => first + second,
            StepKind.AddInPlace => first.add_(second),
            StepKind.Subtract => first - second,
            StepKind.Multiply => first * second.tanh(),
            StepKind.Maximum => maximum(first, second),
            StepKind.Concatenate => cat([first, second], 1),
            StepKind.ConcatenateSelf => cat([first, first.neg()], 1),
            StepKind.SigmoidGate => first * second.sigmoid(),
            StepKind.PooledGate => first * second.mean([2, 3], keepdim: true).sigmoid(),
            StepKind.Relu => nn.functional.relu(first),
            StepKind.ReluInPlace => first.relu_(),
            StepKind.Sigmoid => first.sigmoid(),
            StepKind.Affine => (first * 0.5) + 0.25,
            StepKind.AffineInPlace => first.mul_(1.5).sub_(0.125),
            StepKind.Negate => 1 - first,
            StepKind.FunctionalMaxPool => nn.functional.max_pool2d(first, 3, stride: 1, padding: 1),
            StepKind.FunctionalAveragePool => nn.functional.avg_pool2d(first, 3, stride: 2, padding: 1, count_include_pad: true),
            StepKind.TruthGate => first * (second > 0.1).to(first.dtype),
            StepKind.Choice => where(first.ge(second), first, second * 0.5),
            StepKind.Copied => zeros_like(first).copy_(second),
            StepKind.Filled => first + full_like(first, 0.25),
            StepKind.SortedRows => first.sort(2).Values,
            StepKind.LargestOfRows => first - first.max(2, true).values,
            StepKind.Deviation => first / (first.std([2, 3], keepdim: true) + 0.5),
            StepKind.RowsWritten => WriteRow(first.clone(), second),
            StepKind.RowsTaken => first.index_select(2, tensor(new long[] { 1, 0, 1 })),
            StepKind.Broadcast => first * second.mean([2, 3], keepdim: true).broadcast_to(first.shape),
            StepKind.Iterated => Halves(first, second).Aggregate((sum, part) => sum + part),
            StepKind.GlobalMean => first.mean([2, 3]),
            StepKind.FlattenSpatial => first.view(first.shape[0], -1),
            _ => throw new InvalidOperationException($"There is no step {step.Kind}."),
        };
    }

    private static Tensor WriteRow(Tensor target, Tensor source)
    {
        target[TensorIndex.Colon, TensorIndex.Colon, 1] = source[TensorIndex.Colon, TensorIndex.Colon, 0] * 2;
        return target;
    }

    private static IEnumerable<Tensor> Halves(Tensor first, Tensor second)
    {
        foreach (Tensor part in new[] { first, second })
            yield return part * 0.5;
    }

    public string Describe() =>
        string.Join('\n', _steps.Select((step, index) => $"  v{index + 1} = {step}")) + $"\n  return v{string.Join(", v", _outputs)}";
}
