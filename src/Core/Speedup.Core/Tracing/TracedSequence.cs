using System.Collections;

namespace Speedup.Core.Tracing;

/// <summary>
/// What an iterator method of user code yields. Its body runs in pieces, whenever somebody asks for the next item; each piece is run in its
/// re-emitted form while a trace runs.
/// </summary>
internal sealed class TracedSequence<T>(IEnumerable<T> inner, IRewrittenCode rewriter) : IEnumerable<T>
{
    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => new TracedEnumerator<T>(inner.GetEnumerator(), rewriter);

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
