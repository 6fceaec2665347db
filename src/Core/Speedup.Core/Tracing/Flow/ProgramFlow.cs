using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Core.Graph;

namespace Speedup.Core.Tracing.Flow;

/// <summary>
/// How sizes, tensor data, state, time, environment and chance flow through all code that traces have met. Code is added when it is met; what
/// has been said of other code then gains the kinds that reach it, so that it is asked at the end of a trace.
/// </summary>
/// <remarks>
/// Fields are told apart by their declaration, not by object. Methods are told apart by the kinds that their arguments have where they are
/// called directly. What a condition leads to is not followed into the values that it chooses among: the condition is itself listed. Only
/// what a loop writes depends on its condition, since that is seen on both sides in each pass.
/// </remarks>
internal sealed class ProgramFlow : ICodeFlow
{
    /// <summary>Kinds of arguments for which a method is told apart; calls beyond that share one flow.</summary>
    private const int MostContexts = 8;
    private const string NoKinds = "";
    private const string OfNew = " new";
    private readonly Dictionary<MethodBase, ResolvedBody> _bodies = [];
    private readonly Dictionary<(MethodBase Method, string Kinds), MethodFlow> _methods = [];
    private readonly Dictionary<MethodBase, int> _contexts = [];
    private readonly Dictionary<FieldInfo, FlowVariable> _fields = [];
    private readonly Dictionary<Type, FlowNode> _contents = [];
    private readonly Dictionary<MemberInfo, FlowSignature> _signatures = [];
    private readonly Dictionary<(int Position, Type Type), FlowVariable> _moduleArguments = [];
    private readonly HashSet<(MemberInfo Called, MethodBase Actual)> _links = [];
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public UserCode User { get; } = new();

    /// <summary>A method as anybody may call it.</summary>
    /// <exception cref="RewriteException">It has no body, or one that cannot be read.</exception>
    public MethodFlow Root(MethodBase method) => Find(method, NoKinds);

    /// <inheritdoc/>
    public MethodFlow? ForCall(MethodBase method, IReadOnlyList<FlowValue> arguments)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return null;
        try
        {
            return Find(method, KindsOf(method, arguments));
        }
        catch (RewriteException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public FlowVariable Field(FieldInfo field)
    {
        if (_fields.TryGetValue(field, out FlowVariable? known))
            return known;
        var made = new FlowVariable(field.FieldType);
        if (!FlowTypes.IsGenerated(field.DeclaringType!))
            made.Content?.Hold();
        return _fields[field] = made;
    }

    /// <inheritdoc/>
    public FlowNode ContentOf(Type type)
    {
        if (!_contents.TryGetValue(type, out FlowNode? known))
            _contents[type] = known = new FlowNode();
        return known;
    }

    /// <inheritdoc/>
    public FlowSignature Virtual(MethodInfo method)
    {
        if (!_signatures.TryGetValue(method, out FlowSignature? known))
            _signatures[method] = known = new FlowSignature(CallSignature.ParametersOf(method), method.ReturnType);
        return known;
    }

    /// <inheritdoc/>
    public FlowSignature Delegates(Type type)
    {
        if (_signatures.TryGetValue(type, out FlowSignature? known))
            return known;
        MethodInfo? invoke = type.GetMethod("Invoke");
        IEnumerable<Type> parameters = invoke?.GetParameters().Select(parameter => parameter.ParameterType) ?? [];
        return _signatures[type] = new FlowSignature(parameters, invoke?.ReturnType ?? typeof(void));
    }

    /// <inheritdoc/>
    public FlowVariable ModuleArgument(int position, Type type)
    {
        if (!_moduleArguments.TryGetValue((position, type), out FlowVariable? known))
            _moduleArguments[(position, type)] = known = new FlowVariable(type);
        return known;
    }

    /// <summary>Notes that a virtual call runs a method. It is told while code runs, perhaps by several threads.</summary>
    public void LinkVirtual(MethodInfo called, MethodBase actual)
    {
        lock (_gate)
        {
            if (!_links.Add((called, actual)) || ForCall(actual, []) is not { } flow)
                return;
            Virtual(called).LinkTo(flow);
            flow.IsDelegated |= FSharpFunctions.IsFunction(called.DeclaringType!);
        }
    }

    /// <summary>Notes that a delegate runs a method. It is told while code runs, perhaps by several threads.</summary>
    public void LinkDelegate(Type type, MethodInfo method)
    {
        lock (_gate)
        {
            if (_links.Add((type, method)))
                LinkDelegate(type, method, null);
        }
    }

    /// <inheritdoc/>
    public MethodFlow? LinkDelegate(Type type, MethodInfo method, FlowValue? target)
    {
        FlowSignature delegates = Delegates(type);
        if (User.IsVirtual(method))
        {
            Virtual(method).Connect(target is { } instance ? [instance] : []);
            delegates.LinkTo(Virtual(method), skip: 1);
        }
        else if (User.HasBody(method) && ForCall(method, []) is { } flow)
        {
            int skip = flow.Arguments.Count - delegates.Arguments.Count;
            if (skip == 1 && target is { } bound)
                flow.Connect([bound]);
            delegates.LinkTo(flow, Math.Max(0, skip));
            flow.IsDelegated = true;
            return flow;
        }
        else if (CallClassifier.ReadsData(method))
            delegates.Result.Own.Add(ConditionKind.Value);
        return null;
    }

    /// <inheritdoc/>
    public IEnumerable<MethodFlow> PiecesOf(Type iterator) =>
        FlowTypes.IsGenerated(iterator) && typeof(IEnumerable).IsAssignableFrom(iterator)
            ? iterator
                .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(User.HasBody)
                .Select(method => ForCall(method, []))
                .OfType<MethodFlow>()
            : [];

    private MethodFlow Find(MethodBase method, string kinds)
    {
        if (_methods.TryGetValue((method, kinds), out MethodFlow? known))
            return known;
        if (kinds != NoKinds && _contexts.GetValueOrDefault(method) >= MostContexts)
            return Find(method, NoKinds);
        if (!_bodies.TryGetValue(method, out ResolvedBody? body))
            _bodies[method] = body = new ResolvedBody(method);
        _contexts[method] = _contexts.GetValueOrDefault(method) + 1;
        bool isMaking = method is ConstructorInfo { IsStatic: false } || kinds.EndsWith(OfNew, StringComparison.Ordinal);
        var flow = new MethodFlow(body, isMaking);
        _methods[(method, kinds)] = flow; // before its body: it may call itself
        if (kinds == NoKinds && method is MethodInfo called && ModuleMethods.IsForward(called))
            LinkForward(flow);
        if (!method.IsStatic && User.Owns(method.DeclaringType!))
            FlowVariable.Alias(ContentOf(method.DeclaringType!), flow.Arguments[0].Content);
        try
        {
            new BodyWalk(this, flow).Run();
        }
        catch (RewriteException)
        {
            flow.Forget(); // it runs as it is
        }
        return flow;
    }

    /// <summary>Arguments of modules are rarely anything but tensors: they are told apart by position and type only.</summary>
    private void LinkForward(MethodFlow flow)
    {
        for (int i = 1; i < flow.Arguments.Count; i++)
        {
            if (!FlowTypes.IsTensor(flow.Arguments[i].Type))
                flow.Arguments[i].Assign(ModuleArgument(i, flow.Arguments[i].Type).Value);
        }
        if (!FlowTypes.IsTensor(flow.Result.Type))
            ModuleArgument(0, flow.Result.Type).Assign(flow.Result.Value);
    }

    /// <summary>The kinds of arguments, as far as they are known by now; nothing where there are none.</summary>
    private string KindsOf(MethodBase method, IReadOnlyList<FlowValue> arguments)
    {
        bool makes = !method.IsStatic && method.Name.StartsWith("set_", StringComparison.Ordinal) && arguments is [{ IsFresh: true }, ..];
        ConditionKind[] kinds = [.. arguments.Select(KindsOf)];
        return makes || Array.Exists(kinds, kind => kind != 0)
            ? $"{string.Join(' ', kinds.Select(kind => (int)kind))}{(makes ? OfNew : "")}"
            : NoKinds;
    }

    /// <summary>What is in an object of user code is told by its fields.</summary>
    private ConditionKind KindsOf(FlowValue value)
    {
        ConditionKind own = value.Own?.Kinds ?? 0;
        Type? type = value.Type is { IsByRef: true } reference ? reference.GetElementType() : value.Type;
        return type is { IsArray: false } && User.Owns(type) ? own : own | (value.Content?.Kinds ?? 0);
    }
}
