using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Graph;
using Speedup.Core.Tracing.Flow;

namespace Speedup.Core.Tracing;

/// <summary>What re-emitted code asks while it runs.</summary>
internal interface IRewrittenCode
{
    /// <summary>The trace that the running code belongs to; on a thread that does not know it, the only one that runs; or what does nothing where none runs.</summary>
    ITraceHooks Hooks { get; }

    /// <summary>Whether the running code belongs to a trace.</summary>
    bool IsTracing { get; }

    /// <summary>The conditions of re-emitted code.</summary>
    NumberedItems<TracedCondition> Conditions { get; }

    /// <summary>The calls of functions in re-emitted code that are given numbers.</summary>
    NumberedItems<FlowCall> Calls { get; }

    /// <summary>The method with an id that wrappers carry.</summary>
    MethodInfo MethodAt(int id);

    /// <summary>The traced form of a delegate on a method.</summary>
    Delegate CreateDelegate(int id, object? target, Type delegateType);

    /// <summary>The re-emitted body of a method of user code, instance first; null where it cannot be re-emitted.</summary>
    DynamicMethod? TryRewrite(MethodBase method);
}
