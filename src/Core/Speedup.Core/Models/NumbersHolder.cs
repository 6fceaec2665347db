using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>An array of numbers of any rank, as a copy.</summary>
internal sealed class NumbersHolder(Array numbers) : StateHolder
{
    private readonly Array _copy = (Array)numbers.Clone();

    /// <inheritdoc/>
    public override IReadOnlyList<object?> Values => [];

    /// <inheritdoc/>
    public override string NameOf(int index) => $"an item of a {numbers.GetType().Name}";

    /// <inheritdoc/>
    public override IReadOnlyList<object?> Read() => [];

    /// <inheritdoc/>
    public override IReadOnlyList<int> FindChanges(IReadOnlyList<object?> now, Func<Tensor, Tensor, bool> isLike) =>
        Bytes(numbers).SequenceEqual(Bytes(_copy)) ? [] : [0];

    /// <inheritdoc/>
    public override void Write() => Array.Copy(_copy, numbers, _copy.Length);

    private static ReadOnlySpan<byte> Bytes(Array array) =>
        MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));
}
