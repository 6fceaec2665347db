using SmallNetworks.Networks;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using Zoo;
using Zoo.Runs;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;
using MaskPattern = Zoo.MaskPattern;

namespace SmallNetworks;

/// <summary>The networks: those of the zoo, and small ones for what the zoo does not have.</summary>
public static class SmallNetworkCatalog
{
    private static readonly MaskPattern[] Patterns = [MaskPattern.L1Share50, MaskPattern.RandomPerLayer];

    /// <summary>All networks.</summary>
    public static IReadOnlyList<SmallNetwork> All { get; } =
    [.. from entry in ZooCatalog.Entries from pattern in Patterns select FromZoo(entry, pattern), .. Own()];

    /// <summary>The network of that name.</summary>
    public static SmallNetwork Find(string name) => All.Single(network => network.Name == name);

    private static SmallNetwork FromZoo(ZooEntry entry, MaskPattern pattern)
    {
        ScalarType type = pattern == MaskPattern.L1Share50 ? ScalarType.Float32 : ScalarType.Float64;
        var zooCase = new ZooCase(entry, pattern, type, ConstantPolicy.Exact);
        return new SmallNetwork(
            $"{entry.Name}-{ZooNames.Of(pattern)}",
            () => entry.Create(entry.Divisor),
            [.. zooCase.ComparedInputs],
            zooCase.CreateMasks,
            ZooEntry.Run
        )
        {
            Type = type,
        };
    }

    private static IEnumerable<SmallNetwork> Own()
    {
        yield return Single(
            "recurrent",
            () => new RecurrentNet(),
            [
                [5, 2, 6],
                [9, 3, 6],
            ],
            RecurrentNet.CreateMasks
        );
        yield return Single(
            "attention",
            () => new AttentionNet(),
            [
                [6, 2, 16],
                [3, 7, 16],
            ],
            AttentionNet.CreateMasks
        );
        yield return Single(
            "transformer-units",
            () => new TransformerNet(isOpen: false),
            [
                [6, 2, 16],
                [3, 7, 16],
            ],
            TransformerNet.CreateMasks
        );
        yield return Single(
            "transformer-heads",
            () => new TransformerNet(isOpen: true),
            [
                [6, 2, 16],
                [3, 7, 16],
            ],
            TransformerNet.CreateMasks
        );
        yield return Single(
            "residual",
            () => new ResidualNet(),
            [
                [2, 3, 8, 8],
                [3, 3, 16, 12],
            ],
            ResidualNet.CreateMasks
        ) with
        {
            Options = new SpeedupOptions { Scatter = ScatterPolicy.WhereFewerMacs },
        };
        yield return Single(
            "fields",
            () => new FieldsNet(8),
            [
                [2, 3, 8, 8],
                [7, 3, 8, 8],
            ],
            FieldsNet.CreateMasks
        );
        yield return Single(
            "no-bias",
            () => new NoBiasNet(),
            [
                [2, 3, 8, 8],
                [3, 3, 12, 10],
            ],
            NoBiasNet.CreateMasks
        );
        yield return Tokens(
            "tied",
            () => new TiedNet(),
            [
                [2, 5],
                [3, 9],
            ],
            TiedNet.CreateMasks
        );
        yield return Tokens(
            "bags",
            () => new BagNet(),
            [
                [2, 5],
                [3, 9],
            ],
            BagNet.CreateMasks
        );
    }

    private static SmallNetwork Single(string name, Func<nn.Module> create, long[][] shapes, Func<nn.Module, MaskSet> masks) =>
        new(name, create, [.. shapes.Select(shape => (IReadOnlyList<ZooInput>)[new ZooInput(shape)])], masks, ZooEntry.Run);

    private static SmallNetwork Tokens(string name, Func<nn.Module> create, long[][] shapes, Func<nn.Module, MaskSet> masks) =>
        new(name, create, [.. shapes.Select(shape => (IReadOnlyList<ZooInput>)[new ZooInput(shape, Words)])], masks, ZooEntry.Run);
}
