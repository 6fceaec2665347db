using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using TorchSharp;
using Zoo;
using static TorchSharp.torch;

namespace SmallNetworks;

/// <summary>A network, its inputs and its masks.</summary>
/// <param name="Name">Its name, which is also that of its file.</param>
/// <param name="Create">Builds the dense network, with any weights.</param>
/// <param name="Inputs">Inputs: for each call the tensors; the first is the example.</param>
/// <param name="CreateMasks">Makes masks for a network that is filled with weights.</param>
/// <param name="Run">Runs one call.</param>
public sealed record SmallNetwork(
    string Name,
    Func<nn.Module> Create,
    IReadOnlyList<IReadOnlyList<ZooInput>> Inputs,
    Func<nn.Module, MaskSet> CreateMasks,
    Func<nn.Module, IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Run
)
{
    /// <summary>The type of its weights and real inputs.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;

    /// <summary>What it is sped up with.</summary>
    public SpeedupOptions Options { get; init; } = new();

    /// <summary>A freshly built dense network, as a program that loads has it.</summary>
    public nn.Module Fresh()
    {
        nn.Module model = Create();
        model.to(Type);
        model.eval();
        return model;
    }

    /// <summary>A dense network with weights, statistics and biases as of a trained one.</summary>
    public nn.Module Trained()
    {
        nn.Module model = Fresh();
        RandomStatistics.Apply(model, 7);
        return model;
    }

    /// <summary>The tensors of all calls.</summary>
    public IReadOnlyList<Tensor[]> Draw()
    {
        using var generator = new Generator(100);
        return [.. Inputs.Select(call => call.Select(input => input.Draw(generator, Type)).ToArray())];
    }

    /// <summary>The outputs of all calls, one after the other, on one thread: what is compared bit by bit must be added up in one order.</summary>
    public IReadOnlyList<Tensor> RunAll(nn.Module model)
    {
        using IDisposable noGradients = no_grad();
        using var scope = NewDisposeScope();
        set_num_threads(1);
        return [.. Draw().SelectMany(call => Run(model, call)).Select(output => output.clone().MoveToOuterDisposeScope())];
    }
}
