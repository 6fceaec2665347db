using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// How often a pass calls the model, each call on the state that the one before has left. A model whose calls leave something to later ones is
/// traced and compared over several of them.
/// </summary>
/// <param name="Count">Number of calls.</param>
/// <param name="Permutes">
/// Whether later calls get the values of the inputs in another order: the difference to the frame before is zero everywhere if all frames
/// are the same.
/// </param>
internal sealed record CallSequence(int Count, bool Permutes)
{
    private const ulong Seed = 20_261_201;

    /// <summary>One call, as of a model without state.</summary>
    public static readonly CallSequence Single = new(1, false);

    /// <summary>Copies of the inputs of a call: a model may write to what it is given. They belong to the caller's dispose scope.</summary>
    /// <param name="call">Which call, from zero.</param>
    /// <param name="inputs">The inputs of the first.</param>
    public Tensor[] InputsOf(int call, IReadOnlyList<Tensor> inputs) =>
        call == 0 || !Permutes ? ModelCall.Copy(inputs) : [.. inputs.Select(input => Permute(input, call))];

    private static Tensor Permute(Tensor input, int call)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed + (ulong)call, CPU);
        Tensor order = randperm(input.numel(), device: CPU, generator: generator).to(input.device);
        return input.flatten().index_select(0, order).reshape(input.shape).MoveToOuterDisposeScope();
    }
}
