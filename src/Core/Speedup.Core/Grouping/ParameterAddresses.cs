using Speedup.Core.Graph;
using Speedup.Core.Propagation;
using static TorchSharp.torch;

namespace Speedup.Core.Grouping;

/// <summary>Under which names masks can be given for the tensors of a graph.</summary>
internal sealed class ParameterAddresses
{
    private readonly Dictionary<int, List<(string Path, string Name)>> _addresses = [];

    /// <summary>Lists parameters, and buffers that code reads by itself: those of a layer are statistics.</summary>
    public ParameterAddresses(OperatorGraph graph)
    {
        HashSet<int> read =
        [
            .. graph
                .Operators.Where(op => op.Node.Kind == NodeKind.ModelTensor && op.Parameters is not null)
                .SelectMany(op => op.OwnParameters.Select(name => graph.Keys.Of(op.Parameters!.TensorOf(name)))),
        ];
        foreach (MaskedModule module in graph.Modules)
        {
            HashSet<string> parameters = [.. module.Module.named_parameters(recurse: false).Select(item => item.name)];
            foreach (string name in module.Names)
            {
                int key = graph.Keys.Of(module.TensorOf(name));
                if (!parameters.Contains(name) && !read.Contains(key))
                    continue;
                if (!_addresses.TryGetValue(key, out List<(string, string)>? all))
                    _addresses[key] = all = [];
                if (parameters.Contains(name) && all.Count == 0)
                    Parameters.Add((key, module.Path, name, module.TensorOf(name)));
                all.Add((module.Path, name));
            }
        }
    }

    /// <summary>All parameters, those that modules share once.</summary>
    public List<(int Key, string Path, string Name, Tensor Tensor)> Parameters { get; } = [];

    /// <summary>The addresses of a tensor; none for values, and for tensors that take no masks.</summary>
    public IReadOnlyList<(string Path, string Name)> Of(int key) =>
        _addresses.TryGetValue(key, out List<(string, string)>? found) ? found : [];
}
