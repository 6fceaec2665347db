using System.Collections;
using System.Reflection;
using System.Reflection.Emit;

namespace Speedup.Core.Tracing;

/// <summary>Runs the pieces of an iterator method in their re-emitted form while a trace runs.</summary>
internal sealed class TracedEnumerator<T>(IEnumerator<T> inner, IRewrittenCode rewriter) : IEnumerator<T>
{
    private static readonly MethodInfo Step = typeof(IEnumerator).GetMethod(nameof(IEnumerator.MoveNext))!;
    private readonly Func<bool>? _traced = FindTraced(inner, rewriter);

    /// <inheritdoc/>
    public T Current => inner.Current;

    /// <inheritdoc/>
    object? IEnumerator.Current => Current;

    /// <inheritdoc/>
    public bool MoveNext() => _traced is null || !rewriter.IsTracing ? inner.MoveNext() : _traced();

    /// <inheritdoc/>
    public void Reset() => inner.Reset();

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private static Func<bool>? FindTraced(IEnumerator<T> inner, IRewrittenCode rewriter)
    {
        MethodInfo? step = VirtualCalls.Resolve(Step, inner.GetType());
        DynamicMethod? traced = step is null ? null : rewriter.TryRewrite(step);
        return traced?.CreateDelegate<Func<bool>>(inner);
    }
}
