using System.Text.Json;
using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Saving;

/// <summary>Writes down how a module is made that the dense model's cannot be changed into.</summary>
internal sealed class CallWriter(ModelInventory small, SavedTensors saved, List<string> reasons)
{
    /// <summary>The module of the dense model's class in what was written, which is the dense model's own, changed; null where there is none.</summary>
    public nn.Module? Wrapped { get; private set; }

    /// <summary>Writes the call; null, with a reason, where nobody has said how the module is made.</summary>
    public RecipeCall? Write(nn.Module module, ModuleDescription dense)
    {
        IReadOnlyDictionary<string, object?>? arguments =
            (module as ISavableModule)?.Arguments ?? ModelOrigins.FindConstruction(module)?.Arguments;
        if (arguments is not null)
            return Write(module, arguments, dense);
        reasons.Add(
            $"'{small.PathOf(module)}' is a {module.GetType()} now, and nobody has said how it is made: "
                + (
                    CodeOrigin.IsTorch(module.GetType())
                        ? $"the handler that made it needs {nameof(IModuleHandler)}.{nameof(IModuleHandler.FindConstruction)}."
                        : $"let it implement {nameof(ISavableModule)}."
                )
        );
        return null;
    }

    private RecipeCall Write(nn.Module module, IReadOnlyDictionary<string, object?> arguments, ModuleDescription dense) =>
        new()
        {
            Class = ModelDescriber.ClassOf(module.GetType()),
            Arguments = arguments.ToDictionary(entry => entry.Key, entry => Write(module, entry.Key, entry.Value, dense)),
            Tensors = ModelInventory
                .TensorsOf(module)
                .ToDictionary(
                    own => own.Name,
                    own => new RecipeTensor
                    {
                        Type = own.Tensor.dtype,
                        Small = own.Tensor.shape,
                        Stored = saved.NameOf(TensorPath.Join(small.PathOf(module), own.Name)),
                    }
                ),
        };

    private RecipeArgument Write(nn.Module owner, string name, object? value, ModuleDescription dense)
    {
        switch (value)
        {
            case Tensor tensor:
                return new RecipeArgument { Tensor = NameOf(owner, name, tensor) };
            case IReadOnlyDictionary<string, Tensor> tensors:
                return new RecipeArgument
                {
                    Tensors = tensors.ToDictionary(entry => entry.Key, entry => NameOf(owner, $"{name}.{entry.Key}", entry.Value)),
                };
            case ModuleConstruction construction:
                return new RecipeArgument { Call = WriteMade(owner, construction, dense) };
            case nn.Module inner when ModelDescriber.ClassOf(inner.GetType()) == dense.Class && !NativeChange.IsOne(inner, dense):
                Wrapped = inner;
                return new RecipeArgument { Dense = true };
            case nn.Module inner:
                return new RecipeArgument { Call = Write(inner, dense) };
            case JsonElement json: // of a module that was itself loaded
                return new RecipeArgument { Value = json };
            case null:
                return new RecipeArgument();
            default:
                if (PlainTypes.IsPlain(value.GetType()))
                    return new RecipeArgument { Value = JsonSerializer.SerializeToElement(value) };
                reasons.Add($"'{small.PathOf(owner)}' is made with '{name}', a {value.GetType()}, which cannot be saved.");
                return new RecipeArgument();
        }
    }

    /// <summary>A module that a function only copies has no tensors of its own in the file.</summary>
    private RecipeCall WriteMade(nn.Module owner, ModuleConstruction construction, ModuleDescription dense) =>
        new()
        {
            Class = ModelDescriber.ClassOf(construction.ModuleType),
            Arguments = construction.Arguments.ToDictionary(entry => entry.Key, entry => Write(owner, entry.Key, entry.Value, dense)),
        };

    private string NameOf(nn.Module owner, string argument, Tensor tensor)
    {
        string path = small.PathOf(owner);
        string? name = ModelInventory.TensorsOf(owner).FirstOrDefault(own => ReferenceEquals(own.Tensor, tensor)).Name;
        return name is null ? saved.AddHeld($"{path}.{argument}", tensor) : saved.NameOf(TensorPath.Join(path, name));
    }
}
