using SmallNetworks;
using Zoo;
using Zoo.Runs;

namespace SmallModels.Tests.CodeWriting;

/// <summary>The networks that are written as code, and the inputs on which the code is tried.</summary>
internal static class CodeNetworks
{
    private static readonly string Pattern = $"-{ZooNames.Of(MaskPattern.L1Share50)}";

    /// <summary>One network of each entry of the zoo, and the others.</summary>
    public static IEnumerable<SmallNetwork> All =>
        SmallNetworkCatalog.All.Where(network => FindEntry(network) is not { } entry || network.Name == entry.Name + Pattern);

    /// <summary>The entry of the zoo that a network comes from; null for others.</summary>
    public static ZooEntry? FindEntry(SmallNetwork network) =>
        ZooCatalog.Entries.SingleOrDefault(entry => network.Name.StartsWith(entry.Name + "-", StringComparison.Ordinal));

    /// <summary>The network with more calls: one sample and three, and twice the size where the network takes other sizes.</summary>
    public static SmallNetwork WithMoreInputs(SmallNetwork network)
    {
        if (FindEntry(network) is not { } entry)
            return network;
        List<IReadOnlyList<ZooInput>> calls = [.. network.Inputs, WithBatch(entry, 1), WithBatch(entry, 3)];
        if (entry.SecondInputs is not null)
            calls.Add([.. entry.Inputs.Select(input => input with { Shape = Twice(input.Shape) })]);
        return network with { Inputs = calls };
    }

    private static ZooInput[] WithBatch(ZooEntry entry, long batch) => [.. entry.Inputs.Select(input => input.WithBatch(batch))];

    private static long[] Twice(IReadOnlyList<long> shape)
    {
        int first = shape.Count == 2 ? 1 : 2; // steps of a text, sides of an image
        return [.. shape.Select((length, axis) => axis < first ? length : 2 * length)];
    }
}
