using Speedup.Cli.Examples.Models;
using static TorchSharp.torch;

namespace Speedup.Cli.Fashion;

/// <summary>A network of the example.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Build">Makes one with fresh weights.</param>
internal sealed record FashionNetwork(string Name, Func<nn.Module<Tensor, Tensor>> Build)
{
    /// <summary>All networks.</summary>
    public static IReadOnlyList<FashionNetwork> All { get; } = [new("LeNet", () => new LeNet()), new("ResNet-8", () => new SmallResNet())];
}
