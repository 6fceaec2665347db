using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Speedup.Core.Graph;
using Speedup.Core.Tracing.Flow;

namespace Speedup.Core.Tracing;

/// <summary>
/// Re-emits method bodies as dynamic methods in which module and tensor calls go to the tracer, as TorchDynamo does with Python
/// bytecode. Re-emitted methods are kept for the life of the rewriter and serve all traces. These may run at once: each goes with the flow of
/// its code, to the tasks and threads that the model starts, too. A method is re-emitted once for each kind of arguments that it is called
/// with, so that its conditions can be told apart.
/// </summary>
internal sealed class MethodRewriter : IRewrittenCode, IRedirections, IDisposable
{
    private readonly Dictionary<MethodFlow, DynamicMethod> _bodies = [];
    private readonly Dictionary<(MethodBase, Type?), DynamicMethod> _wrappers = [];
    private readonly Dictionary<DynamicMethod, DynamicMethod> _constructions = [];
    private readonly Dictionary<Type, DynamicMethod> _delegateConstructors = [];
    private readonly List<MethodInfo> _methods = [];
    private readonly Dictionary<MethodInfo, int> _ids = [];
    private readonly WrapperEmitter _emitter;
    private readonly AsyncLocal<ITraceHooks?> _current = new();
    private readonly ConcurrentDictionary<ITraceHooks, bool> _running = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _emitting = new(); // re-entrant: bodies lead to bodies
    private GCHandle _self;

    public MethodRewriter()
    {
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _emitter = new WrapperEmitter(GCHandle.ToIntPtr(_self));
        Notes = new NoteEmitter(GCHandle.ToIntPtr(_self));
    }

    /// <inheritdoc/>
    public NoteEmitter Notes { get; }

    /// <inheritdoc/>
    public NumberedItems<TracedCondition> Conditions { get; } = new();

    /// <inheritdoc/>
    public NumberedItems<FlowCall> Calls { get; } = new();

    /// <summary>What the values in re-emitted code depend on.</summary>
    public ProgramFlow Flow { get; } = new();

    /// <inheritdoc/>
    public ITraceHooks Hooks => Find() ?? NoTrace.Instance;

    /// <inheritdoc/>
    public bool IsTracing => Find() is not null;

    /// <summary>Starts a trace; dispose the result to end it.</summary>
    public IDisposable Use(ITraceHooks hooks)
    {
        _running[hooks] = true;
        ITraceHooks? outer = _current.Value; // a model may run a speedup of its own
        _current.Value = hooks;
        return new Session(this, hooks, outer);
    }

    /// <inheritdoc/>
    public MethodInfo MethodAt(int id)
    {
        lock (_emitting)
            return _methods[id];
    }

    /// <summary>The re-emitted body of a method of user code, instance first.</summary>
    /// <exception cref="RewriteException">The body cannot be re-emitted.</exception>
    public DynamicMethod Rewrite(MethodBase method)
    {
        using Lock.Scope alone = _emitting.EnterScope();
        return Rewrite(Flow.Root(method));
    }

    /// <inheritdoc/>
    public DynamicMethod? TryRewrite(MethodBase method)
    {
        try
        {
            return Rewrite(method);
        }
        catch (RewriteException)
        {
            return null; // runs as it is; tensors that it makes are then of unknown origin, which keeps all that came before
        }
    }

    /// <summary>The re-emitted body of what a virtual call runs; null where it cannot be re-emitted.</summary>
    public DynamicMethod? TryRewrite(MethodInfo called, MethodInfo actual)
    {
        using Lock.Scope alone = _emitting.EnterScope();
        Flow.LinkVirtual(called, actual);
        return TryRewrite(actual);
    }

    private DynamicMethod? TryRewrite(MethodFlow flow)
    {
        try
        {
            return Rewrite(flow);
        }
        catch (RewriteException)
        {
            return null;
        }
    }

    private DynamicMethod Rewrite(MethodFlow flow)
    {
        if (_bodies.TryGetValue(flow, out DynamicMethod? known))
            return known;
        MethodBase method = flow.Body.Method;
        var copy = new DynamicMethod(method.Name + "_traced", flow.Body.Returns, CallSignature.ParametersOf(method), method.Module, true);
        DynamicMethod traced = _emitter.FollowIterator(copy, method) ?? copy;
        _bodies[flow] = traced; // before the body: it may call itself
        try
        {
            new BodyCopier(this, flow, copy).Copy();
        }
        catch
        {
            _bodies.Remove(flow);
            throw;
        }
        return traced;
    }

    /// <inheritdoc/>
    public DynamicMethod? Redirect(MethodInfo target, OpCode code, Type? constrained, MethodFlow? callee = null)
    {
        using Lock.Scope alone = _emitting.EnterScope();
        if (target.IsStatic && constrained is not null) // a static member of an interface: known, since all types are
            return VirtualCalls.Resolve(target, constrained) is { } actual ? Redirect(actual, code, null, callee) : null;
        CallKind kind = CallClassifier.Classify(target, code);
        if (kind is CallKind.Plain or CallKind.Helper && constrained is not null)
            return null;
        if (kind == CallKind.Plain)
            return callee is { HasConditions: true } ? TryRewrite(callee) : null; // it chooses, if it touches no tensors
        if (kind == CallKind.Helper)
            return callee is null ? TryRewrite(target) : TryRewrite(callee);
        if (_wrappers.TryGetValue((target, constrained), out DynamicMethod? known))
            return known;
        return _wrappers[(target, constrained)] = kind switch
        {
            CallKind.Module => _emitter.EmitModuleCall(target, IdOf(target), constrained),
            CallKind.Function => _emitter.EmitFunction(target, IdOf(target), constrained),
            CallKind.VirtualHelper => _emitter.EmitVirtualHelper(target, IdOf(target), constrained),
            _ => _emitter.EmitDelegateCall(target),
        };
    }

    /// <inheritdoc/>
    public DynamicMethod? RedirectConstructor(ConstructorInfo constructor, OpCode code, MethodFlow? callee = null)
    {
        using Lock.Scope alone = _emitting.EnterScope();
        if (!CallClassifier.IsTracedConstructor(constructor))
            return null;
        if ((callee is null ? TryRewrite(constructor) : TryRewrite(callee)) is not { } body)
            return null;
        if (code == OpCodes.Call)
            return body;
        if (!_constructions.TryGetValue(body, out DynamicMethod? known))
            _constructions[body] = known = ConstructionEmitter.Emit(constructor.DeclaringType!, body);
        return known;
    }

    /// <inheritdoc/>
    public int IdOf(MethodInfo method)
    {
        using Lock.Scope alone = _emitting.EnterScope();
        if (!_ids.TryGetValue(method, out int id))
        {
            id = _methods.Count;
            _methods.Add(method);
            _ids[method] = id;
        }
        return id;
    }

    /// <inheritdoc/>
    public DynamicMethod DelegateConstructor(Type delegateType)
    {
        using Lock.Scope alone = _emitting.EnterScope();
        if (!_delegateConstructors.TryGetValue(delegateType, out DynamicMethod? known))
            _delegateConstructors[delegateType] = known = _emitter.EmitDelegateConstructor(delegateType);
        return known;
    }

    /// <inheritdoc/>
    public Delegate CreateDelegate(int id, object? target, Type delegateType)
    {
        Delegate made = Bind(MethodAt(id), target, delegateType);
        if (!OwnThreads.AreRunBy(delegateType))
            return made;
        Hooks.NoteOwnThread();
        return OwnThreads.Guard(made, failure => Hooks.TakeFailure(failure));
    }

    private Delegate Bind(MethodInfo method, object? target, Type delegateType)
    {
        OpCode code = method.IsVirtual ? OpCodes.Callvirt : OpCodes.Call;
        using Lock.Scope alone = _emitting.EnterScope();
        Flow.LinkDelegate(delegateType, method);
        DynamicMethod? traced = Redirect(method, code, null);
        if (traced is null)
            return Delegate.CreateDelegate(delegateType, target, method);
        return method.IsStatic ? traced.CreateDelegate(delegateType) : traced.CreateDelegate(delegateType, target);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_self.IsAllocated)
            _self.Free();
    }

    private ITraceHooks? Find()
    {
        if (_current.Value is { } current && _running.ContainsKey(current))
            return current;
        KeyValuePair<ITraceHooks, bool>[] running = [.. _running];
        return running.Length == 1 ? running[0].Key : null;
    }

    private sealed class Session(MethodRewriter owner, ITraceHooks hooks, ITraceHooks? outer) : IDisposable
    {
        public void Dispose()
        {
            owner._running.TryRemove(hooks, out _);
            owner._current.Value = outer;
        }
    }
}
