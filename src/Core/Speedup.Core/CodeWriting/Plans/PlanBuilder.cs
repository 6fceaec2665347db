using System.Reflection;
using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>Makes a plan of passes that take the same path. What cannot be written is noted, all of it.</summary>
internal sealed class PlanBuilder
{
    private readonly ModelInventory _inventory;
    private readonly ModelGraph[] _passes;
    private readonly IPlanTarget _target;
    private readonly Device _device;
    private readonly SizeFinder _sizes;
    private readonly Identifiers _names = new();
    private readonly PlanTensors _tensors;
    private readonly PlanModules _modules;
    private readonly Dictionary<int, int> _sameAs = [];
    private readonly HashSet<int> _known = [];
    private readonly List<(int Value, string Name)> _inputs = [];
    private readonly List<CodeStep> _steps = [];
    private readonly List<string> _reasons = [];
    private IReadOnlyList<int> _outputs = [];

    /// <summary>Prepares a plan.</summary>
    /// <param name="inventory">The model.</param>
    /// <param name="passes">The passes, the example's first.</param>
    /// <param name="example">The example inputs.</param>
    /// <param name="target">What the plan is for.</param>
    public PlanBuilder(ModelInventory inventory, IReadOnlyList<ModelGraph> passes, IReadOnlyList<Tensor> example, IPlanTarget target)
    {
        _target = target;
        _inventory = inventory;
        _passes = [.. passes];
        _device = example[0].device;
        _sizes = new SizeFinder(passes);
        InputNames = FindInputNames(example);
        _modules = new PlanModules(inventory, target, _names, _reasons);
        _tensors = new PlanTensors(inventory, _modules, _names, _reasons);
    }

    /// <summary>Why no code can be written; none where it can.</summary>
    public IReadOnlyList<string> Reasons => [.. _reasons.Distinct()];

    private string[] InputNames { get; }

    /// <summary>Makes the plan.</summary>
    public CodePlan Build()
    {
        foreach (GraphNode node in _passes[0].Nodes.Where(node => node.Kind == NodeKind.Module))
            _modules.Add(node);
        foreach (GraphNode node in _passes[0].Nodes)
        {
            Add(node);
            _known.UnionWith(node.Outputs);
        }
        return new CodePlan
        {
            Inputs = _inputs,
            Modules = _modules.All,
            Tensors = _tensors.All,
            Steps = _steps,
            Outputs = _outputs,
        };
    }

    private void Add(GraphNode node)
    {
        switch (node.Kind)
        {
            case NodeKind.Input:
                _inputs.AddRange(node.Outputs.Zip(InputNames));
                break;
            case NodeKind.ModelTensor:
                _tensors.Add(node.Outputs[0], _passes[0].Values[node.Outputs[0]].ParameterPath, node);
                break;
            case NodeKind.Module:
                if (_modules.Find(node.Module!) is { } module)
                    AddStep(node, node.Call!.Method, module, call => call.Call!.Arguments);
                break;
            case NodeKind.Function when FindRefusal(node) is { } reason:
                _reasons.Add($"{node.Name} {reason}");
                break;
            case NodeKind.Function:
                AddStep(node, node.Method!, null, call => call.Arguments);
                break;
            case NodeKind.Escape when _target.HasVariables && node is { Module: null, Inputs: [var before, _], Outputs: [var after] }:
                _sameAs[after] = ReferTo(before); // a view of what another tensor has changed in place: the same object
                break;
            case NodeKind.Output:
                _outputs = [.. node.Inputs.Select(ReferTo)];
                break;
            default:
                _reasons.Add($"{node.Name}: code that was not traced cannot be written.");
                break;
        }
    }

    private static string? FindRefusal(GraphNode node)
    {
        MethodInfo method = node.Method!;
        if (typeof(nn.Module).IsAssignableFrom(method.DeclaringType))
            return "changes what the model holds; a network of straight-line code keeps no state.";
        if (NumberWrites.IsWrite(method) || method.DeclaringType is { IsGenericType: true })
            return "writes numbers into a tensor one by one; compute them with functions of tensors.";
        return CallClassifier.ReadsData(method)
            ? "looks at numbers in a tensor: what the code then does holds for these numbers only."
            : null;
    }

    private void AddStep(
        GraphNode node,
        MethodInfo method,
        CodeModule? module,
        Func<GraphNode, IReadOnlyDictionary<string, object?>> argumentsOf
    )
    {
        IReadOnlyList<CodeArgument> arguments = ReadArguments(node, method, isFunction: module is null, argumentsOf);
        bool returnsNothing = method.ReturnType == typeof(void);
        bool isVariable = returnsNothing && _target.HasVariables;
        foreach (int output in node.Outputs.Where(_ => isVariable))
            _sameAs[output] = ReferTo(node.Inputs[0]);
        IReadOnlyList<ResultPlace>? places = null;
        if (!returnsNothing && !typeof(Tensor).IsAssignableFrom(method.ReturnType))
        {
            places = ResultPlace.Find(method.ReturnType, node.Outputs.Count);
            if (places is null)
                _reasons.Add($"{node.Name} returns a {method.ReturnType}, in which code cannot find its tensors.");
        }
        _steps.Add(
            new CodeStep
            {
                Name = node.Name,
                Section = module is null ? node.ModulePath : ParentOf(node.ModulePath),
                Method = method,
                Module = module,
                Arguments = arguments,
                Results = isVariable ? [] : node.Outputs,
                Places = places,
            }
        );
    }

    private List<CodeArgument> ReadArguments(
        GraphNode node,
        MethodInfo method,
        bool isFunction,
        Func<GraphNode, IReadOnlyDictionary<string, object?>> argumentsOf
    )
    {
        var reader = new ArgumentReader(node, _sizes, _known.Contains, ReferTo, _device);
        IReadOnlyDictionary<string, object?>[] all = [.. _passes.Select(pass => argumentsOf(pass.Nodes[node.Id]))];
        var arguments = new List<CodeArgument>();
        if (isFunction && !method.IsStatic)
            arguments.Add(new CodeArgument(null, Read("this")));
        arguments.AddRange(method.GetParameters().Select(parameter => new CodeArgument(parameter, Read(parameter.Name!))));
        _reasons.AddRange(reader.Reasons.Select(reason => $"{node.Name}: {reason}."));
        return arguments;

        CodeValue Read(string name) => reader.Read(name, Array.ConvertAll(all, given => given[name]));
    }

    private int ReferTo(int value) => _sameAs.GetValueOrDefault(value, value);

    private static string ParentOf(string path) => path.LastIndexOf('.') is var dot and >= 0 ? path[..dot] : "";

    private string[] FindInputNames(IReadOnlyList<Tensor> example)
    {
        MethodInfo? forward = VirtualCalls.FindForward(_inventory.Root.GetType(), [.. example]);
        return
        [
            .. example.Select(
                (_, i) => _names.Take(forward?.GetParameters()[i].Name ?? (example.Count == 1 ? "input" : $"input{i + 1}"), "input")
            ),
        ];
    }
}
