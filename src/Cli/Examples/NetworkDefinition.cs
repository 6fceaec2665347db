using static TorchSharp.torch;

namespace Speedup.Cli.Examples;

/// <summary>A network of the examples.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="InputShape">Shape of the documentation's input, batch first.</param>
/// <param name="DataWidthDivisor">By what the widths of the shipped weights are divided; 1 where they are not.</param>
/// <param name="Create">Creates the network with widths divided by its argument.</param>
internal sealed record NetworkDefinition(
    string Name,
    IReadOnlyList<long> InputShape,
    int DataWidthDivisor,
    Func<int, nn.Module<Tensor, Tensor>> Create
)
{
    /// <summary>The input's shape with another batch size.</summary>
    public long[] InputShapeOf(long batch) => [batch, .. InputShape.Skip(1)];
}
