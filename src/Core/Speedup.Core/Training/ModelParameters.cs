using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Training;

/// <summary>The parameters of a model at one time, and which indices of the dense model's they are made of.</summary>
internal sealed class ModelParameters
{
    private readonly ModelInventory _inventory;
    private readonly IReadOnlyDictionary<string, IReadOnlyDictionary<int, IReadOnlyList<long>>> _kept;

    private ModelParameters(ModelInventory inventory)
    {
        _inventory = inventory;
        _kept = ModelOrigins.Of(inventory).Kept;
        ByPath = inventory
            .Modules.SelectMany(entry =>
                ModelInventory.TensorsOf(entry.Module).Select(own => (Path: TensorPath.Join(entry.Path, own.Name), own.Tensor))
            )
            .Where(own => own.Tensor is Parameter)
            .ToDictionary(own => own.Path, own => (Parameter)own.Tensor, StringComparer.Ordinal);
    }

    /// <summary>All of them, by the name that their module gives them: one that is shared has several.</summary>
    public IReadOnlyDictionary<string, Parameter> ByPath { get; }

    /// <summary>Looks at a model.</summary>
    public static ModelParameters Of(nn.Module model) => new(new ModelInventory(model));

    /// <summary>The path of the module that a parameter belongs to.</summary>
    public static string ModuleOf(string path) => path.Contains('.', StringComparison.Ordinal) ? path[..path.LastIndexOf('.')] : "";

    /// <summary>The name of a parameter; null where the model does not hold it.</summary>
    public string? FindPath(Parameter parameter) =>
        _inventory.FindTensorPath(parameter) is { } path && ByPath.ContainsKey(path) ? path : null;

    /// <summary>Indices of the dense model's parameter that are left along an axis; null for all of them.</summary>
    public IReadOnlyList<long>? KeptOf(string path, int axis) =>
        _kept.TryGetValue(path, out var axes) && axes.TryGetValue(axis, out IReadOnlyList<long>? kept) ? kept : null;
}
