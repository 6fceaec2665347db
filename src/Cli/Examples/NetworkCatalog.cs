using Speedup.Cli.Examples.Models;

namespace Speedup.Cli.Examples;

/// <summary>The networks of the examples.</summary>
internal static class NetworkCatalog
{
    public static NetworkDefinition Naive { get; } = new("naive", [64, 1, 28, 28], 1, _ => new NaiveMnist());

    public static NetworkDefinition Vgg16 { get; } = new("vgg16", [64, 3, 32, 32], 8, Vgg.Create16);

    public static NetworkDefinition Vgg19 { get; } = new("vgg19", [64, 3, 32, 32], 8, Vgg.Create19);

    public static IReadOnlyList<NetworkDefinition> All { get; } = [Naive, Vgg16, Vgg19];
}
