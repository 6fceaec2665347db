using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// What re-emitted code calls. A dynamic method has no closure, so it carries the handle of its rewriter as a constant and finds
/// the running trace through it.
/// </summary>
internal static class TraceBridge
{
    public static bool TryTraceInto(IntPtr rewriter, int id, object module, object?[] arguments, out object? result)
    {
        CheckStack();
        ITraceHooks hooks = Hooks(rewriter);
        hooks.ThrowIfCancelled();
        return hooks.TryTraceInto(module, Rewriter(rewriter).MethodAt(id), arguments, out result);
    }

    public static void RecordModule(IntPtr rewriter, int id, object module, object?[] arguments, object? result)
    {
        ITraceHooks hooks = Hooks(rewriter);
        hooks.RecordModule(module, Rewriter(rewriter).MethodAt(id), arguments, result);
        hooks.ThrowIfCancelled();
    }

    /// <summary>Records a call, and returns what takes the place of its result: the result itself, unless it is not as planned.</summary>
    public static object? RecordFunction(IntPtr rewriter, int id, object?[] arguments, object? result)
    {
        CheckStack();
        ITraceHooks hooks = Hooks(rewriter);
        object? yielded = hooks.RecordFunction(Rewriter(rewriter).MethodAt(id), arguments, result);
        hooks.ThrowIfCancelled();
        return yielded;
    }

    /// <summary>A tensor to go on with after a call that failed; null where there is none.</summary>
    public static Tensor? RescueFunction(IntPtr rewriter, int id, object?[] arguments, Exception failure) =>
        Hooks(rewriter).Rescue(Rewriter(rewriter).MethodAt(id), arguments, failure);

    /// <summary>Disposes a tensor after a call that was to do so, unless it is the model's.</summary>
    public static void DisposeAfter(IntPtr rewriter, Tensor tensor, bool disposes)
    {
        if (disposes && !Hooks(rewriter).IsOfModel(tensor))
            tensor.Dispose();
    }

    /// <summary>Runs a virtual helper as the tracer resolves it.</summary>
    /// <param name="rewriter">Handle of the rewriter.</param>
    /// <param name="id">The method.</param>
    /// <param name="target">The instance; a structure is another object afterwards, if the method changed it.</param>
    /// <param name="arguments">The arguments; those by reference are what the method left.</param>
    public static object? CallHelper(IntPtr rewriter, int id, ref object target, object?[] arguments)
    {
        CheckStack();
        System.Reflection.MethodInfo original = Rewriter(rewriter).MethodAt(id);
        if (Hooks(rewriter).FindHelper(original, target) is not { } traced)
            return Reflective.Invoke(original, target, arguments);
        object?[] all = [target, .. arguments];
        object? result = Reflective.Invoke(traced, null, all);
        target = all[0]!;
        all.AsSpan(1).CopyTo(arguments);
        return result;
    }

    /// <summary>Runs a delegate as the tracer resolves it.</summary>
    public static object? CallDelegate(IntPtr rewriter, Delegate original, object?[] arguments)
    {
        CheckStack();
        Delegate run = Hooks(rewriter).FindDelegate(original) ?? original;
        return Reflective.Invoke(run.GetType().GetMethod("Invoke")!, run, arguments);
    }

    /// <summary>Creates the traced form of a delegate that user code creates from a method.</summary>
    public static Delegate CreateDelegate(IntPtr rewriter, object? target, int id, RuntimeTypeHandle type) =>
        Rewriter(rewriter).CreateDelegate(id, target, Type.GetTypeFromHandle(type)!);

    /// <summary>The sequence of an iterator method, whose pieces are traced when they run.</summary>
    public static IEnumerable<T> FollowSequence<T>(IntPtr rewriter, IEnumerable<T> sequence) =>
        new TracedSequence<T>(sequence, Rewriter(rewriter));

    /// <summary>The same of an iterator method that returns an enumerator.</summary>
    public static IEnumerator<T> FollowEnumerator<T>(IntPtr rewriter, IEnumerator<T> enumerator) =>
        new TracedEnumerator<T>(enumerator, Rewriter(rewriter));

    /// <summary>Notes how a condition has come out.</summary>
    public static void NoteOutcome(IntPtr rewriter, int condition, int outcome)
    {
        if (Rewriter(rewriter) is { IsTracing: true } running)
            running.Hooks.Outcomes.NoteOutcome(running.Conditions[condition], outcome);
    }

    /// <summary>Notes which index chooses.</summary>
    public static void NoteIndex(IntPtr rewriter, long index, int condition)
    {
        if (Rewriter(rewriter) is { IsTracing: true } running)
            running.Hooks.Outcomes.NoteIndex(running.Conditions[condition], index);
    }

    /// <summary>Notes which call is next.</summary>
    public static void NoteCall(IntPtr rewriter, int call)
    {
        if (Rewriter(rewriter) is { IsTracing: true } running)
            running.Hooks.Outcomes.NoteCall(running.Calls[call]);
    }

    /// <summary>The items of a sequence, computed now: a function and who looks at its arguments later must not compute them twice.</summary>
    public static IEnumerable<T>? HoldItems<T>(IEnumerable<T>? items) =>
        items is null or ICollection<T> or IReadOnlyCollection<T> ? items : items.ToList();

    /// <summary>
    /// A stack overflow ends the process, and a call that goes through the tracer takes more of the stack than a plain one. Another thread with a larger
    /// stack is no way out: what user code and TorchSharp keep for each thread (gradients on or off, dispose scopes) would not be there.
    /// </summary>
    private static void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SpeedupException(
                "SPD2010",
                "the stack is nearly used up by calls within calls of forward, which take more of it in a trace. Write the recursion as a loop, or run the "
                    + "speedup on a thread with a larger stack (new Thread(..., maxStackSize))."
            );
    }

    private static IRewrittenCode Rewriter(IntPtr handle) => (IRewrittenCode)GCHandle.FromIntPtr(handle).Target!;

    private static ITraceHooks Hooks(IntPtr handle) => Rewriter(handle).Hooks;
}
