using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Cli.Inspection;

/// <summary>A tensor in a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Lengths of its axes.</param>
/// <param name="Elements">Number of elements.</param>
/// <param name="Zeros">How many of them are zero.</param>
/// <param name="ZeroRows">Indices of the first axis whose elements are all zero: what a mask prunes as a whole.</param>
/// <param name="IsMask">Whether there is nothing but 0 and 1 in it.</param>
internal sealed record TensorContent(
    string Name,
    ScalarType Type,
    IReadOnlyList<long> Shape,
    long Elements,
    long Zeros,
    long ZeroRows,
    [property: JsonIgnore] bool IsMask
)
{
    /// <summary>Looks at a tensor.</summary>
    public static TensorContent Of(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        Tensor zero = tensor.eq(0);
        Tensor one = tensor.eq(1);
        long rows = tensor.dim() == 0 || tensor.NumberOfElements == 0 ? 0 : zero.reshape(tensor.shape[0], -1).all(1).sum().ToInt64();
        return new TensorContent(
            name,
            tensor.dtype,
            tensor.shape,
            tensor.NumberOfElements,
            zero.sum().ToInt64(),
            rows,
            (zero | one).all().ToBoolean()
        );
    }
}
