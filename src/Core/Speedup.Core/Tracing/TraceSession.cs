using System.Collections;
using System.Reflection;
using System.Reflection.Emit;
using Speedup.Abstractions;
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
    IReadOnlySet<nn.Module>? leaves
) : ITraceHooks
{
    private readonly GraphBuilder _graph = new();
    private readonly ValueTable _values = new();
    private readonly Stack<string> _path = new();
    private readonly HashSet<nn.Module> _visited = new(ReferenceEqualityComparer.Instance);
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private int _escaped;

    private string CurrentPath => _path.Count > 0 ? _path.Peek() : "";

    /// <summary>Binds the inputs of the model.</summary>
    public void Begin(IReadOnlyList<Tensor> inputs) =>
        _graph.Add(
            new GraphNode
            {
                Id = 0,
                Kind = NodeKind.Input,
                Name = "model input",
                ModulePath = "",
                Outputs = [.. inputs.Select(BindNew)],
            }
        );

    /// <summary>The innermost module that was being traced when the pass ended; the root's path after a complete one.</summary>
    public string FailedPath => CurrentPath;

    /// <summary>The graph as far as a failed pass got.</summary>
    public ModelGraph Interrupt() => _graph.Build([], [.. _notes]);

    /// <summary>Ends the pass and returns the graph.</summary>
    public ModelGraph End(object? result)
    {
        if (!TensorTypes.IsTransparent(result))
            EscapeAll($"the model returns a {result!.GetType().Name}, whose tensors cannot be followed");
        Add(NodeKind.Output, "model output", null, TensorTypes.Find(result), []);
        IEnumerable<string> unvisited = inventory
            .Modules.Where(entry => !_visited.Contains(entry.Module) && ModelInventory.TensorsOf(entry.Module).Any())
            .Select(entry => entry.Path)
            .Where(path => path.Length > 0);
        string[] left = [.. unvisited];
        if (left.Length > 0)
            _notes.Add(
                $"{left.Length} modules were not called, the first is '{left[0]}': they are left alone. If another input leads to one of them, what it "
                    + "reads may have lost channels by then."
            );
        return _graph.Build(left, [.. _notes]);
    }

    /// <inheritdoc/>
    public bool TryTraceInto(object module, MethodInfo method, object?[] arguments, out object? result)
    {
        result = null;
        if (module is not nn.Module called || FindBody(called, method, arguments) is not { } body)
            return false;
        _visited.Add(called);
        _path.Push(inventory.PathOf(called));
        result = Reflective.Invoke(body, null, [called, .. arguments]);
        _path.Pop();
        return true;
    }

    /// <inheritdoc/>
    public void RecordModule(object module, MethodInfo method, object?[] arguments, object? result)
    {
        var called = (nn.Module)module;
        string path = inventory.PathOf(called);
        _visited.UnionWith(called.modules());
        _visited.Add(called);
        bool hooked = ModuleHooks.AreRun(called, method);
        if (hooked)
            _notes.Add($"'{path}' has forward hooks, which may change its output: nothing is inferred through it.");
        Tensor[] inputs = [.. arguments.SelectMany(TensorTypes.Find)];
        Tensor[] outputs = [.. TensorTypes.Find(result)];
        int[] ids = Add(
            hooked || !IsHandled(called, method) ? NodeKind.Escape : NodeKind.Module,
            $"{path} ({called.GetType().Name})",
            node => node with { ModulePath = path, Module = called },
            inputs,
            outputs
        );
        if (inputs.Length > 0 && ids.Length > 0 && ModuleHooks.IsInPlace(called))
            Mutate(inputs[0], ids, outputs);
    }

    /// <inheritdoc/>
    public void RecordFunction(MethodInfo method, object?[] arguments, object? result)
    {
        Tensor[] inputs = [.. arguments.SelectMany(TensorTypes.Find)];
        ParameterInfo[] parameters = method.GetParameters();
        int first = method.IsStatic ? 0 : 1;
        if (parameters.Any(p => TensorTypes.CanHold(p.ParameterType) && !TensorTypes.IsTransparent(arguments[first + p.Position])))
            EscapeAll($"{FunctionName(method)} in '{CurrentPath}' is given a lazy sequence of tensors, which cannot be followed");
        if (parameters.Any(p => p.Name == "out" && arguments[first + p.Position] is Tensor))
            EscapeAll($"{FunctionName(method)} in '{CurrentPath}' writes to an 'out' tensor");
        if (CallClassifier.ReadsData(method) && method.ReturnType != typeof(void))
            _notes.Add($"{FunctionName(method)} in '{CurrentPath}' looks at tensor data: only the traced path is covered.");
        bool mutates = CallClassifier.IsMutating(method, arguments) && inputs.Length > 0;
        Tensor[] outputs = mutates && result is not Tensor ? [inputs[0]] : [.. TensorTypes.Find(result)];
        int[] ids = Add(
            NodeKind.Function,
            CurrentPath.Length == 0 ? FunctionName(method) : $"{FunctionName(method)} in {CurrentPath}",
            node => node with { Method = method, Arguments = NameArguments(method, arguments) },
            inputs,
            outputs
        );
        if (mutates)
            Mutate(inputs[0], ids, outputs);
    }

    /// <inheritdoc/>
    public MethodInfo? FindHelper(MethodInfo method, object? target)
    {
        MethodInfo? actual = target is null ? null : VirtualCalls.Resolve(method, target.GetType());
        return actual is null || CodeOrigin.IsTorch(actual) || CodeOrigin.IsPlatform(actual.Module.Assembly)
            ? null
            : rewriter.TryRewrite(actual);
    }

    /// <inheritdoc/>
    public Delegate? FindDelegate(Delegate original)
    {
        if (original.GetInvocationList() is { Length: > 1 } several)
            return Delegate.Combine([.. several.Select(single => FindDelegate(single) ?? single)]);
        MethodInfo method = original.Method;
        if (method is DynamicMethod || method.DeclaringType is null)
            return null; // traced already, or not ours to follow
        return MethodRewriter.IsTracedAsDelegate(method)
            ? rewriter.CreateDelegate(rewriter.IdOf(method), original.Target, original.GetType())
            : null;
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
            _notes.Add($"'{inventory.PathOf(called)}' cannot be traced into: {problem.Message}.");
            return null;
        }
    }

    /// <summary>Whether what a handler says of a module is said of this call: a method of one's own beside <c>forward</c> is another matter.</summary>
    private static bool IsHandled(nn.Module called, MethodInfo method) =>
        !ModuleMethods.IsOwn(method) || !ModuleMethods.HasForward(called.GetType());

    private int[] Add(NodeKind kind, string name, Func<GraphNode, GraphNode>? complete, IEnumerable<Tensor> inputs, Tensor[] outputs)
    {
        int[] read = [.. inputs.Select(Read)];
        int[] written = [.. outputs.Select(BindNew)];
        var node = new GraphNode
        {
            Id = 0,
            Kind = kind,
            Name = name,
            ModulePath = CurrentPath,
            Inputs = read,
            Outputs = written,
        };
        _graph.Add(complete is null ? node : complete(node));
        return written;
    }

    private int BindNew(Tensor tensor)
    {
        int id = _graph.AddValue(tensor);
        _values.Bind(tensor, id);
        return id;
    }

    private int Read(Tensor tensor)
    {
        if (_values.Find(tensor) is { } known)
            return known;
        if (_values.FindStale(tensor) is { } stale)
            return AddEscape("a tensor whose storage another tensor changed in place", [stale.Before, stale.Mutation], tensor);
        if (inventory.FindTensorPath(tensor) is { } path)
            return AddConstant(tensor, path);
        if (inventory.Holds(tensor))
            return AddConstant(tensor, null);
        EscapeAll($"a tensor of unknown origin appears in '{CurrentPath}'; code that made it was not traced");
        return AddEscape("a tensor of unknown origin", [], tensor);
    }

    private int AddConstant(Tensor tensor, string? path)
    {
        int id = _graph.AddValue(tensor, path);
        _values.Bind(tensor, id);
        _graph.Add(
            new GraphNode
            {
                Id = 0,
                Kind = NodeKind.Constant,
                Name = path ?? $"a tensor of '{CurrentPath}'",
                ModulePath = CurrentPath,
                Outputs = [id],
            }
        );
        return id;
    }

    private int AddEscape(string name, int[] inputs, Tensor tensor)
    {
        int id = BindNew(tensor);
        _graph.Add(
            new GraphNode
            {
                Id = 0,
                Kind = NodeKind.Escape,
                Name = name,
                ModulePath = CurrentPath,
                Inputs = inputs,
                Outputs = [id],
            }
        );
        return id;
    }

    /// <summary>From here on nothing is known of where the values so far may have gone: they are kept.</summary>
    private void EscapeAll(string why)
    {
        _notes.Add(why + ".");
        _graph.Add(
            new GraphNode
            {
                Id = 0,
                Kind = NodeKind.Escape,
                Name = why,
                ModulePath = CurrentPath,
                Inputs = [.. Enumerable.Range(_escaped, _graph.ValueCount - _escaped)],
            }
        );
        _escaped = _graph.ValueCount;
    }

    /// <summary>
    /// Notes an in-place operation. Its results share the changed storage (TorchSharp returns an alias, a new object), and were
    /// made after the change: they stay known.
    /// </summary>
    private void Mutate(Tensor changed, int[] values, Tensor[] results)
    {
        _values.MarkAliasesStale(changed, values[0]);
        _values.Bind(changed, values[0]);
        foreach ((Tensor result, int value) in results.Zip(values))
            _values.Bind(result, value);
    }

    private static string FunctionName(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static Dictionary<string, object?> NameArguments(MethodInfo method, object?[] arguments)
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        int position = 0;
        if (!method.IsStatic)
            named["this"] = Abstract(arguments[0], ref position);
        foreach (ParameterInfo parameter in method.GetParameters())
            named[parameter.Name!] = Abstract(arguments[(method.IsStatic ? 0 : 1) + parameter.Position], ref position);
        return named;
    }

    /// <summary>Replaces tensors by references to inputs, in the order in which <see cref="TensorTypes.Find(object?)"/> meets them.</summary>
    private static object? Abstract(object? value, ref int position)
    {
        if (value is Tensor { IsInvalid: false } || (value is TensorIndex && TensorTypes.Find(value).Any()))
            return new InputRef(position++);
        if (value is not ICollection items || !TensorTypes.Find(value).Any())
            return value;
        var list = new List<object?>();
        foreach (object? item in items)
            list.Add(Abstract(item, ref position));
        return list;
    }
}
