using System.Reflection;
using System.Text.Json;
using Speedup.Core.Models;
using Speedup.Core.Replacement;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>Makes the small model of a file out of a dense one, in place: checks all, makes all that is new, then changes the model.</summary>
internal sealed class ModelLoader
{
    private readonly ModelInventory _inventory;
    private readonly ModelDescriber _describer = new();
    private readonly ModelPatch _patch;
    private readonly StoredTensors _tensors;
    private readonly ModuleMaker _maker;
    private readonly Recipe _recipe;
    private readonly string _file;
    private readonly IReadOnlyList<string> _ignored;

    private ModelLoader(ModelInventory inventory, Recipe recipe, StateDict content, string file, SmallModelOptions options)
    {
        _inventory = inventory;
        _recipe = recipe;
        _file = file;
        _ignored = options.IgnoredFields;
        _patch = new ModelPatch(inventory);
        _tensors = new StoredTensors(content);
        _maker = new ModuleMaker(new KnownClasses(inventory, options.ModuleTypes), _tensors, file);
    }

    /// <summary>Loads a file into a dense model.</summary>
    /// <exception cref="SmallModelException">File and model do not fit; the model is unchanged.</exception>
    public static void Load(nn.Module model, string file, SmallModelOptions options)
    {
        (Recipe recipe, StateDict content) = SmallModelFile.Read(file);
        using StateDict _ = content;
        using IDisposable noGradients = no_grad();
        using var scope = NewDisposeScope();
        var inventory = new ModelInventory(model);
        ModelDescription dense = new ModelDescriber().Describe(inventory);
        ThrowIfAny(
            DenseCheck.Find(recipe, dense, options.IgnoredFields),
            SmallModelCodes.OtherModel,
            file,
            "it was made of another dense model than this one, which is unchanged. Build the model with the class and the arguments of then."
        );
        ThrowIfAny(
            RecipeCheck.Find(recipe, content),
            SmallModelCodes.BadRecipe,
            file,
            "its recipe and its tensors do not fit; the model is unchanged. Do not trust the file."
        );
        var loader = new ModelLoader(inventory, recipe, content, file, options);
        loader.Prepare();
        loader._patch.Apply();
        RecipeOrigin.Note(model, dense, recipe, loader._maker.Constructions);
    }

    private static void ThrowIfAny(IReadOnlyList<string> faults, string code, string file, string message)
    {
        if (faults.Count > 0)
            throw new SmallModelException(code, file, message, faults);
    }

    /// <summary>Makes the new modules first: a tensor that they share with a layer is theirs.</summary>
    private void Prepare()
    {
        foreach (RecipeModule module in _recipe.Modules.Where(module => module is { Call: not null, Gone: false }))
            Make(module, module.Call!);
        foreach (RecipeModule module in _recipe.Modules.Where(module => !module.Gone))
        {
            if (module.Call is null || RecipeCheck.UsesDense(module.Call))
                Change(module, _inventory.Find(module.Path)!);
        }
        foreach ((string place, RecipeTensor tensor) in _recipe.Held)
        {
            if (_inventory.FindHeld(place) is { } held)
                Put(held, tensor);
        }
    }

    private void Make(RecipeModule module, RecipeCall call)
    {
        nn.Module dense = _inventory.Find(module.Path)!;
        nn.Module made = _maker.Make(module.Path, call, dense, DeviceOf(dense));
        if (made.GetType() != dense.GetType() && _inventory.FindNarrowPlace(dense, made.GetType()) is { } place)
            throw new SmallModelException(
                SmallModelCodes.OtherModel,
                _file,
                $"'{module.Path}' becomes a {made.GetType()}, and {place} cannot hold it; the model is unchanged. Declare it as the base class, as it "
                    + "was when the file was written."
            );
        if (RecipeCheck.UsesDense(call))
            made.train(dense.training);
        else
            ReplacedModule.CarryOver(dense, made);
        _patch.Swap(dense, made);
    }

    private void Change(RecipeModule file, nn.Module module)
    {
        foreach (SettingField field in _describer.FieldsOf(module))
        {
            bool isChanged = file.Changed.TryGetValue(field.Name, out JsonElement changed);
            if (!isChanged && _ignored.Contains(field.Name))
                continue;
            JsonElement target = isChanged ? changed : file.Settings[field.Name];
            if (!JsonElement.DeepEquals(target, field.Read(module)))
                _patch.Set(module, field.Field, Parse(file.Path, field, target));
        }
        Dictionary<string, Tensor> own = ModelInventory.TensorsOf(module).ToDictionary(entry => entry.Name, entry => entry.Tensor);
        foreach ((string name, RecipeTensor tensor) in file.Tensors)
        {
            if (own.TryGetValue(name, out Tensor? old))
                Put(old, tensor);
            else
                Add(file.Path, module, name, tensor);
        }
    }

    private void Put(Tensor old, RecipeTensor tensor)
    {
        if (tensor.Small is null)
            _patch.Copy(old, _tensors.Peek(tensor.Stored!));
        else if (old is Parameter)
            _patch.Swap(old, _tensors.TakeParameter(tensor.Stored!, old.device, old.requires_grad));
        else
            _patch.Swap(old, _tensors.Take(tensor.Stored!, old.device));
    }

    private void Add(string path, nn.Module module, string name, RecipeTensor tensor)
    {
        FieldInfo? field = tensor.Field is null ? null : SettingFields.FindHolder(module, tensor.Field);
        if (tensor.Field is not null && field?.FieldType.IsAssignableFrom(tensor.IsParameter ? typeof(Parameter) : typeof(Tensor)) != true)
            throw Wrong(path, $"{module.GetType()} has no field '{Quoted.Text(tensor.Field)}' for '{Quoted.Text(name)}'");
        Device device = DeviceOf(module);
        bool trains = module.parameters().Any(parameter => parameter.requires_grad);
        Tensor value = tensor.IsParameter ? _tensors.TakeParameter(tensor.Stored!, device, trains) : _tensors.Take(tensor.Stored!, device);
        _patch.Add(module, name, value, field);
    }

    private object? Parse(string path, SettingField field, JsonElement value)
    {
        try
        {
            if (!SettingField.IsDigest(value) || field.Field.FieldType == typeof(string))
                return field.Parse(value);
        }
        catch (JsonException fault)
        {
            throw Wrong(path, $"its {field.Name} cannot be {Quoted.Text(value.GetRawText())}", fault);
        }
        throw Wrong(path, $"the value of {field.Name} is too long to be in the file, and is another in this model");
    }

    private Device DeviceOf(nn.Module module)
    {
        Tensor? first = ModelInventory.TensorsOf(module).Select(own => own.Tensor).FirstOrDefault();
        return (first ?? _inventory.Root.parameters().FirstOrDefault())?.device ?? CPU;
    }

    private SmallModelException Wrong(string path, string found, Exception? cause = null) =>
        new(
            SmallModelCodes.BadRecipe,
            _file,
            $"its recipe for '{Quoted.Text(path)}' is wrong: {found}. The model is unchanged; do not trust the file.",
            inner: cause
        );
}
