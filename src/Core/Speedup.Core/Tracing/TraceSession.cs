using System.Reflection;
using System.Reflection.Emit;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>One traced forward pass: follows the calls and writes the graph.</summary>
internal sealed class TraceSession(
    ModelInventory inventory,
    IHandlerSource handlers,
    MethodRewriter rewriter,
    IReadOnlySet<nn.Module>? leaves,
    DrawLog draws,
    CancellationToken cancellation,
    PlannedCalls? planned = null,
    List<Tensor>? keeps = null
) : ITraceHooks, IDisposable
{
    private readonly TraceWriter _writer = new(inventory, keeps);
    private readonly HashSet<nn.Module> _visited = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();
    private readonly ThreadFlow _flow = new();

    /// <summary>The innermost module that was being traced when the pass ended; the root's path after a complete one.</summary>
    public string FailedPath => _writer.Path;

    /// <summary>The first exception that nobody caught on a thread of the model's own; null where there was none.</summary>
    public Exception? FailureOfThread { get; private set; }

    /// <inheritdoc/>
    public OutcomeLog Outcomes { get; } = new();

    /// <summary>Begins a call of the model, after those before it, and binds its inputs.</summary>
    public void Begin(IReadOnlyList<Tensor> inputs)
    {
        lock (_gate)
        {
            _writer.BeginCall();
            _writer.Add(NodeKind.Input, "model input", null, [], [.. inputs]);
        }
    }

    /// <summary>
    /// Ends the trace for the flow that it ran in. What is left in a flow is copied with every change of it: a process that traces many models would
    /// take longer for each.
    /// </summary>
    public void Dispose() => _writer.Path = "";

    /// <summary>The graph as far as a failed pass got.</summary>
    public ModelGraph Interrupt()
    {
        lock (_gate)
            return _writer.Build([], Outcomes.Counts);
    }

    /// <summary>Ends a call of the model.</summary>
    public void EndCall(object? result)
    {
        lock (_gate)
        {
            if (!TensorTypes.IsTransparent(result))
                _writer.EscapeAll($"the model returns a {result!.GetType().Name}, whose tensors cannot be followed");
            _writer.Add(NodeKind.Output, "model output", null, TensorTypes.Find(result), []);
        }
    }

    /// <summary>Ends the pass and returns the graph.</summary>
    public ModelGraph End()
    {
        lock (_gate)
        {
            _writer.EscapeConstants();
            _visited.UnionWith(_writer.OwnersOfConstants);
            string[] left = [.. FindUnvisited()];
            if (left.Length > 0)
                _writer.Note(NameUnvisited(left));
            return _writer.Build(left, Outcomes.Counts);
        }
    }

    private static string NameUnvisited(string[] left)
    {
        string names = string.Join(", ", left.Take(5).Select(path => $"'{path}'")) + (left.Length > 5 ? " and others" : "");
        return $"{left.Length} modules were not called: {names}. They are left as they are. If training or another input leads to one of them, it meets "
            + "what may have lost channels: give an example input that reaches it, or leave unmasked what it reads.";
    }

    private IEnumerable<string> FindUnvisited() =>
        inventory
            .Modules.Where(entry => !_visited.Contains(entry.Module) && ModelInventory.TensorsOf(entry.Module).Any())
            .Select(entry => entry.Path)
            .Where(path => path.Length > 0);

    /// <inheritdoc/>
    public bool TryTraceInto(object module, MethodInfo method, object?[] arguments, out object? result)
    {
        result = null;
        if (!_flow.IsFollowed || module is not nn.Module called || FindBody(called, method, arguments) is not { } body)
            return false;
        lock (_gate)
            _visited.Add(called);
        string outer = _writer.Path;
        _writer.Path = inventory.PathOf(called);
        result = Reflective.Invoke(body, null, [called, .. arguments]);
        _writer.Path = outer; // not after an exception: the path tells where it was thrown
        return true;
    }

    /// <inheritdoc/>
    public void RecordModule(object module, MethodInfo method, object?[] arguments, object? result)
    {
        lock (_gate)
        {
            var called = (nn.Module)module;
            _visited.UnionWith(called.modules());
            _visited.Add(called);
            Tensor[] inputs = [.. arguments.SelectMany(TensorTypes.Find)];
            bool isInPlace = inputs.Length > 0 && ModuleHooks.IsInPlace(called);
            if (!_flow.IsFollowed)
                EscapeToOtherThread(isInPlace ? inputs[0] : null);
            else
                AddModule(
                    called,
                    new ModuleCall(method, CallNames.NameModuleArguments(method, arguments)),
                    inputs,
                    [.. TensorTypes.Find(result)],
                    isInPlace
                );
            planned?.Advance();
        }
    }

    /// <inheritdoc/>
    public object? RecordFunction(MethodInfo method, object?[] arguments, object? result)
    {
        lock (_gate)
        {
            Func<IReadOnlySet<string>>? fromSizes = Outcomes.TakeSizeArguments(method);
            Tensor[] inputs = [.. arguments.SelectMany(TensorTypes.Find)];
            bool mutates = CallClassifier.IsMutating(method, arguments) && inputs.Length > 0;
            if (!_flow.IsFollowed)
            {
                EscapeToOtherThread(mutates ? inputs[0] : null);
                return result;
            }
            int nodes = _writer.NodeCount;
            if (_writer.TryNoteNumber(method, arguments))
            {
                if (_writer.NodeCount > nodes) // several in a row are one call
                    planned?.Advance();
                return result;
            }
            if (!mutates && result is Tensor { IsInvalid: false } yielded)
                result = planned?.Repair(method, yielded) ?? result;
            Tensor[] outputs = mutates && result is not Tensor ? [inputs[0]] : [.. TensorTypes.Find(result)];
            AddFunction(new RecordedFunction(method, arguments, inputs, outputs, fromSizes), mutates);
            planned?.Advance();
            return result;
        }
    }

    /// <inheritdoc/>
    public Tensor? Rescue(MethodInfo method, object?[] arguments, Exception failure) =>
        failure is OperationCanceledException || CallClassifier.IsMutating(method, arguments)
            ? null
            : planned?.Repair(method, failure, arguments.SelectMany(TensorTypes.Find).FirstOrDefault()?.device);

    private void AddModule(nn.Module called, ModuleCall call, Tensor[] inputs, Tensor[] outputs, bool isInPlace)
    {
        MethodInfo method = call.Method;
        string path = inventory.PathOf(called);
        bool hooked = ModuleHooks.AreRun(called, method);
        if (hooked)
            _writer.Note($"'{path}' has forward hooks, which may change its output: nothing is inferred through it.");
        int[] ids = _writer.Add(
            hooked || !IsHandled(called, method) ? NodeKind.Escape : NodeKind.Module,
            $"{path} ({called.GetType().Name})",
            node => node with { ModulePath = path, Module = called, Call = call },
            inputs,
            outputs
        );
        if (isInPlace && ids.Length > 0)
            _writer.Mutate(inputs[0], ids, outputs);
    }

    private void AddFunction(RecordedFunction call, bool mutates)
    {
        (MethodInfo method, object?[] arguments, Tensor[] inputs, Tensor[] outputs, _) = call;
        string name = CallNames.Of(method);
        ParameterInfo[] parameters = method.GetParameters();
        int first = method.IsStatic ? 0 : 1;
        if (parameters.Any(p => TensorTypes.CanHold(p.ParameterType) && !TensorTypes.IsTransparent(arguments[first + p.Position])))
            _writer.EscapeAll($"{name} in '{_writer.Path}' is given a lazy sequence of tensors, which cannot be followed");
        if (parameters.Any(p => p.Name == "out" && arguments[first + p.Position] is Tensor))
            _writer.EscapeAll($"{name} in '{_writer.Path}' writes to an 'out' tensor");
        if (CallClassifier.GivesMemory(method) && inputs.Length > 0)
        {
            _writer.EscapeMemory(inputs[0], name);
            return;
        }
        if (CallClassifier.ReadsData(method) && method.ReturnType != typeof(void))
            _writer.Note($"{name} in '{_writer.Path}' looks at tensor data: only the traced path is covered.");
        int[] ids = _writer.Add(
            NodeKind.Function,
            _writer.Path.Length == 0 ? name : $"{name} in {_writer.Path}",
            node =>
                node with
                {
                    Method = method,
                    Arguments = CallNames.NameArguments(method, arguments),
                    FindSizeArguments = call.FromSizes,
                },
            inputs,
            outputs
        );
        draws.Note(_writer.NodeCount - 1, method, arguments, inputs, outputs);
        if (mutates)
            _writer.Mutate(inputs[0], ids, outputs);
    }

    /// <summary>Keeps what there is, and forgets a tensor that the other thread has changed.</summary>
    private void EscapeToOtherThread(Tensor? changed)
    {
        _writer.EscapeToUntracedCode($"code ran in parallel while '{_writer.Path}' was traced, and is not followed");
        if (changed is not null)
            _writer.EscapeChanged(changed, "a tensor that code on another thread changed");
    }

    /// <inheritdoc/>
    public bool IsOfModel(Tensor tensor) => inventory.Holds(tensor) || inventory.FindTensorPath(tensor) is not null;

    /// <inheritdoc/>
    public MethodInfo? FindHelper(MethodInfo method, object? target)
    {
        MethodInfo? actual = target is null || !_flow.IsFollowed ? null : VirtualCalls.Resolve(method, target.GetType());
        return actual is null || CodeOrigin.IsTorch(actual) || CodeOrigin.IsPlatform(actual.Module.Assembly)
            ? null
            : rewriter.TryRewrite(method, actual);
    }

    /// <inheritdoc/>
    public Delegate? FindDelegate(Delegate original)
    {
        if (original.GetInvocationList() is { Length: > 1 } several)
            return Delegate.Combine([.. several.Select(single => FindDelegate(single) ?? single)]);
        MethodInfo method = original.Method;
        if (!_flow.IsFollowed || method is DynamicMethod || method.DeclaringType is null)
            return null; // traced already, or not ours to follow
        return CallClassifier.IsTracedAsDelegate(method, original.GetType())
            ? rewriter.CreateDelegate(rewriter.IdOf(method), original.Target, original.GetType())
            : null;
    }

    /// <inheritdoc/>
    public void ThrowIfCancelled() => cancellation.ThrowIfCancellationRequested();

    /// <inheritdoc/>
    public void NoteOwnThread()
    {
        lock (_gate)
            _writer.HasOwnThreads = true;
    }

    /// <inheritdoc/>
    public bool TakeFailure(Exception failure)
    {
        lock (_gate)
            FailureOfThread ??= failure;
        return true;
    }

    private MethodInfo? FindBody(nn.Module called, MethodInfo method, object?[] arguments)
    {
        Type type = called.GetType();
        bool isContainer = ModuleHooks.IsSequential(type);
        bool isLeaf = IsHandled(called, method) && (handlers.FindModuleHandler(type) is not null || leaves?.Contains(called) == true);
        if ((CodeOrigin.IsTorch(type) && !isContainer) || isLeaf || ModuleHooks.AreRun(called, method))
            return null;
        try
        {
            return ModuleMethods.FindBody(method, type, arguments) is { } body ? rewriter.Rewrite(body) : null;
        }
        catch (RewriteException problem)
        {
            _writer.Note($"'{inventory.PathOf(called)}' cannot be traced into: {problem.Message}.");
            return null;
        }
    }

    /// <summary>Whether what a handler says of a module is said of this call: a method of one's own beside <c>forward</c> is another matter.</summary>
    private static bool IsHandled(nn.Module called, MethodInfo method) =>
        !ModuleMethods.IsOwn(method) || !ModuleMethods.HasForward(called.GetType());
}
