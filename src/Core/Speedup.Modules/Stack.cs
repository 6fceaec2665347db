using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Lays tensors beside each other along a new axis, as <c>torch.stack</c> does: <c>stack.call([x, y])</c>.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "Named after the function that it calls.")]
public sealed class Stack : nn.Module<Tensor[], Tensor>
{
    /// <summary>Creates the module.</summary>
    /// <param name="dim">Where the new axis is in the result, from the back if negative.</param>
    public Stack(long dim = 0)
        : base(nameof(Stack)) => Dim = dim;

    /// <summary>Where the new axis is in the result, from the back if negative.</summary>
    public long Dim { get; }

    /// <summary>Stacks the tensors in order.</summary>
    /// <param name="input">At least one tensor; all have the same shape.</param>
    /// <returns>A new tensor with one axis more, owned by the caller.</returns>
    /// <exception cref="ArgumentException">There is no tensor.</exception>
    public override Tensor forward(Tensor[] input) => stack(Tensors.AtLeastOne(input), Dim);
}
