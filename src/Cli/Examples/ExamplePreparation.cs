using Speedup.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples;

/// <summary>Creates the networks, weights and masks of an example.</summary>
internal sealed class ExamplePreparation(ExampleDefinition example, ExampleSettings settings)
{
    private readonly int _widthDivisor = settings.FullWidth ? 1 : example.Network.DataWidthDivisor;

    /// <summary>Whether the shipped data are of other widths than the network.</summary>
    private bool IsRandom => _widthDivisor != example.Network.DataWidthDivisor;

    /// <summary>Reads or draws everything; the result belongs to the caller.</summary>
    public PreparedExample Prepare()
    {
        using var _ = no_grad();
        Device device = DeviceOption.Resolve(settings.Device);
        using var generator = new Generator((ulong)settings.Seed);
        random.manual_seed(settings.Seed);
        var dense = CreateNetwork(generator);
        var small = example.Network.Create(_widthDivisor);
        small.load_state_dict(dense.state_dict());
        MaskSet masks = LoadMasks(dense, generator);
        Tensor input = randn(example.Network.InputShapeOf(example.Network.InputShape[0]), device: device, generator: generator);
        return new PreparedExample(Place(dense, device), Place(small, device), masks, input);
    }

    private nn.Module<Tensor, Tensor> CreateNetwork(Generator generator)
    {
        var network = example.Network.Create(_widthDivisor);
        if (settings.Weights is { } weights)
            StateDictFile.LoadInto(network, weights.FullName);
        else if (IsRandom)
            RandomNetwork.RandomizeBatchNormInPlace(network, generator);
        else
            StateDictFile.LoadInto(network, example.WeightsFile);
        return network;
    }

    private MaskSet LoadMasks(nn.Module network, Generator generator)
    {
        if (settings.Masks is { } masks)
            return MaskFile.Load(masks.FullName);
        MaskSet shipped = MaskFile.Load(example.MasksFile);
        if (!IsRandom)
            return shipped;
        using (shipped)
            return RandomMasks.Like(shipped, network, generator);
    }

    private static nn.Module<Tensor, Tensor> Place(nn.Module<Tensor, Tensor> network, Device device)
    {
        network.to(device);
        network.eval();
        return network;
    }
}
