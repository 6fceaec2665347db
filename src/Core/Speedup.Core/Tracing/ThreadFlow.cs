using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Speedup.Core.Tracing;

/// <summary>
/// Which code belongs to the pass that is traced: its own, and that of threads and tasks which it starts and waits for. What parallel loops and
/// queries run is not followed: on how many threads they do, and in what order, is chance.
/// </summary>
internal sealed class ThreadFlow
{
    private readonly (int Thread, int? Task) _own = Current;
    private readonly ConcurrentDictionary<(int, int?), bool> _others = new();

    /// <summary>Whether the code that asks is followed.</summary>
    public bool IsFollowed => Current == _own || _others.GetOrAdd(Current, _ => !RunsInParallel());

    /// <summary>A task may run on the thread that waits for it.</summary>
    private static (int Thread, int? Task) Current => (Environment.CurrentManagedThreadId, Task.CurrentId);

    private static bool RunsInParallel() =>
        new StackTrace(false)
            .GetFrames()
            .Select(frame => frame.GetMethod() is { } method ? OutermostOf(method) : "")
            .Any(type =>
                type.StartsWith("System.Threading.Tasks.Parallel", StringComparison.Ordinal)
                || type.StartsWith("System.Threading.Tasks.TaskReplicator", StringComparison.Ordinal)
                || type.StartsWith("System.Linq.Parallel", StringComparison.Ordinal)
            );

    private static string OutermostOf(MethodBase method) => method.DeclaringType?.FullName ?? "";
}
