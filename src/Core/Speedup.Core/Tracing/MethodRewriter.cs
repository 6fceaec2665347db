using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace Speedup.Core.Tracing;

/// <summary>
/// Re-emits method bodies as dynamic methods in which module and tensor calls go to the tracer, as TorchDynamo does with Python
/// bytecode. Offsets never change, since every replacement takes as many bytes as what it replaces. Re-emitted methods are kept
/// for the life of the rewriter; one trace runs at a time. Traced code may run on several threads.
/// </summary>
internal sealed class MethodRewriter : IDisposable
{
    private readonly Dictionary<MethodBase, DynamicMethod> _bodies = [];
    private readonly Dictionary<(MethodBase, Type?), DynamicMethod> _wrappers = [];
    private readonly Dictionary<ConstructorInfo, DynamicMethod> _constructions = [];
    private readonly Dictionary<Type, DynamicMethod> _delegateConstructors = [];
    private readonly List<MethodInfo> _methods = [];
    private readonly Dictionary<MethodInfo, int> _ids = [];
    private readonly Lock _gate = new();
    private readonly WrapperEmitter _emitter;
    private GCHandle _self;
    private ITraceHooks? _hooks;

    public MethodRewriter()
    {
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _emitter = new WrapperEmitter(GCHandle.ToIntPtr(_self));
    }

    /// <summary>The running trace, or what does nothing where none runs.</summary>
    public ITraceHooks Hooks => _hooks ?? NoTrace.Instance;

    /// <summary>Whether a trace runs.</summary>
    public bool IsTracing => _hooks is not null;

    /// <summary>Starts a trace; dispose the result to end it.</summary>
    public IDisposable Use(ITraceHooks hooks)
    {
        _hooks = hooks;
        return new Session(this);
    }

    /// <summary>The method with an id that wrappers carry.</summary>
    public MethodInfo MethodAt(int id)
    {
        lock (_gate)
            return _methods[id];
    }

    /// <summary>The re-emitted body of a method of user code, instance first.</summary>
    /// <exception cref="RewriteException">The body cannot be re-emitted.</exception>
    public DynamicMethod Rewrite(MethodBase method)
    {
        lock (_gate)
            return RewriteAlone(method);
    }

    private DynamicMethod RewriteAlone(MethodBase method)
    {
        if (_bodies.TryGetValue(method, out DynamicMethod? known))
            return known;
        MethodBody body = method.GetMethodBody() ?? throw new RewriteException($"{method.DeclaringType}.{method.Name} has no IL body");
        Type returns = method is MethodInfo info ? info.ReturnType : typeof(void);
        var copy = new DynamicMethod(method.Name + "_traced", returns, WrapperEmitter.ParametersOf(method), method.Module, true);
        DynamicMethod traced = _emitter.FollowIterator(copy, method) ?? copy;
        _bodies[method] = traced; // before the body: it may call itself
        try
        {
            new BodyCopier(this, method, body, copy).Copy();
        }
        catch
        {
            _bodies.Remove(method);
            throw;
        }
        return traced;
    }

    /// <summary>As <see cref="Rewrite"/>, but null where the body cannot be re-emitted.</summary>
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

    /// <summary>What a call goes to instead; null where it stays as it is.</summary>
    public DynamicMethod? Redirect(MethodInfo target, OpCode code, Type? constrained)
    {
        if (target.IsStatic && constrained is not null) // a static member of an interface: known, since all types are
            return VirtualCalls.Resolve(target, constrained) is { } actual ? Redirect(actual, code, null) : null;
        CallKind kind = CallClassifier.Classify(target, code);
        if (kind == CallKind.Plain || (kind == CallKind.Helper && constrained is not null))
            return null;
        if (kind == CallKind.Helper)
            return TryRewrite(target);
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

    /// <summary>What the construction of an object, or the call of a base constructor, goes to instead; null where it stays as it is.</summary>
    public DynamicMethod? RedirectConstructor(ConstructorInfo constructor, OpCode code)
    {
        if (!CallClassifier.IsTracedConstructor(constructor) || TryRewrite(constructor) is not { } body)
            return null;
        if (code == OpCodes.Call)
            return body;
        if (!_constructions.TryGetValue(constructor, out DynamicMethod? known))
            _constructions[constructor] = known = ConstructionEmitter.Emit(constructor.DeclaringType!, body);
        return known;
    }

    /// <summary>Whether a delegate on a method is to be traced.</summary>
    public static bool IsTracedAsDelegate(MethodInfo target) =>
        CallClassifier.Classify(target, target.IsVirtual ? OpCodes.Callvirt : OpCodes.Call) is not CallKind.Plain;

    /// <summary>The id under which re-emitted code names a method.</summary>
    public int IdOf(MethodInfo method)
    {
        lock (_gate)
            return IdOfAlone(method);
    }

    private int IdOfAlone(MethodInfo method)
    {
        if (!_ids.TryGetValue(method, out int id))
        {
            id = _methods.Count;
            _methods.Add(method);
            _ids[method] = id;
        }
        return id;
    }

    /// <summary>What stands in for a delegate's constructor.</summary>
    public DynamicMethod DelegateConstructor(Type delegateType)
    {
        if (!_delegateConstructors.TryGetValue(delegateType, out DynamicMethod? known))
            _delegateConstructors[delegateType] = known = _emitter.EmitDelegateConstructor(delegateType);
        return known;
    }

    /// <summary>The traced form of a delegate on a method.</summary>
    public Delegate CreateDelegate(int id, object? target, Type delegateType)
    {
        MethodInfo method = MethodAt(id);
        DynamicMethod? traced;
        lock (_gate)
            traced = Redirect(method, method.IsVirtual ? OpCodes.Callvirt : OpCodes.Call, null);
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

    private sealed class Session(MethodRewriter owner) : IDisposable
    {
        public void Dispose() => owner._hooks = null;
    }
}
