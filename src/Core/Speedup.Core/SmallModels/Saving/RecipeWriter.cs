using System.Text.Json;
using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Saving;

/// <summary>
/// Compares a small model with what it was before its first speedup, and writes down how to get from one to the other. What cannot be written
/// is noted, all of it.
/// </summary>
internal sealed class RecipeWriter(ModelInventory small, ModelOrigin origin)
{
    private readonly SavedTensors _saved = new(small);
    private readonly ModelDescriber _describer = new();
    private readonly List<string> _reasons = [];
    private readonly HashSet<nn.Module> _insideCalls = new(ReferenceEqualityComparer.Instance);

    /// <summary>Why the model cannot be saved; none where it can.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>The tensors that go with the recipe; they stay the model's.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _saved.All;

    /// <summary>Writes the recipe.</summary>
    public Recipe Write()
    {
        var modules = new List<RecipeModule>();
        var gone = new List<string>();
        foreach (ModuleDescription dense in origin.Dense.Modules)
        {
            RecipeModule module = gone.Exists(path => dense.Path.StartsWith(path, StringComparison.Ordinal))
                ? Start(dense) with
                {
                    Gone = true,
                }
                : Describe(dense);
            modules.Add(module);
            if (module.Call is not null)
                gone.Add(dense.Path + ".");
        }
        NoteAdded();
        return new Recipe
        {
            Writer = $"Speedup.Framework {typeof(RecipeWriter).Assembly.GetName().Version?.ToString(3)}",
            TorchSharp = $"{typeof(nn).Assembly.GetName().Version?.ToString(3)}",
            Speedups = origin.Speedups,
            Modules = modules,
            Held = DescribeHeld(),
        };
    }

    private RecipeModule Describe(ModuleDescription dense)
    {
        if (small.Find(dense.Path) is not { } module)
        {
            _reasons.Add($"{Show(dense.Path)} is no longer in the model: it was taken out after the speedup.");
            return Start(dense);
        }
        if (ModelDescriber.ClassOf(module.GetType()) == dense.Class && !NativeChange.IsOne(module, dense))
            return Change(dense, module, dense.Path);
        var calls = new CallWriter(small, _saved, _reasons);
        RecipeCall? call = calls.Write(module, dense);
        foreach ((_, nn.Module inner) in new ModelInventory(module).Modules)
            _insideCalls.Add(inner);
        RecipeModule start = calls.Wrapped is { } wrapped ? Change(dense, wrapped, small.PathOf(wrapped)) : Start(dense);
        return start with { Call = call };
    }

    /// <summary>The dense module's own description, with its tensors as they are.</summary>
    private static RecipeModule Start(ModuleDescription dense) =>
        new()
        {
            Path = dense.Path,
            Class = dense.Class,
            Settings = dense.Settings,
            State = dense.State,
            Tensors = dense.Tensors.ToDictionary(
                own => own.Key,
                own => new RecipeTensor
                {
                    Type = own.Value.Type,
                    Dense = own.Value.Shape,
                    SharedWith = own.Value.SharedWith,
                }
            ),
        };

    /// <summary>What becomes of a module that stays of its class.</summary>
    private RecipeModule Change(ModuleDescription dense, nn.Module module, string path)
    {
        RecipeModule start = Start(dense);
        var changed = new Dictionary<string, JsonElement>();
        foreach (SettingField field in _describer.FieldsOf(module))
        {
            JsonElement now = field.Read(module);
            if (!dense.Settings.TryGetValue(field.Name, out JsonElement before) || JsonElement.DeepEquals(before, now))
                continue;
            changed[field.Name] = now;
            if (SettingField.IsDigest(now))
                _reasons.Add($"{Show(path)}: the field '{field.Name}' has changed and is too long to be saved.");
        }
        if (ModelOrigins.IsReplacement(module))
            _reasons.AddRange(
                SettingFields
                    .OpaqueOf(module)
                    .Select(field =>
                        $"{Show(path)} was replaced, and nothing is known of its field '{field}': let {dense.Class} implement "
                        + $"{nameof(ISavableModule)}."
                    )
            );
        var tensors = new TensorChange(_saved, origin.Kept, _reasons);
        return start with { Changed = changed, Tensors = tensors.Describe(start.Tensors, module, path, dense.Path) };
    }

    private void NoteAdded()
    {
        HashSet<string> known = [.. origin.Dense.Modules.Select(module => module.Path)];
        _reasons.AddRange(
            small
                .Modules.Where(entry => !known.Contains(entry.Path) && !_insideCalls.Contains(entry.Module))
                .Select(entry =>
                    $"{Show(entry.Path)} ({entry.Module.GetType()}) was added after the speedup: save before, and add it after loading."
                )
        );
    }

    private Dictionary<string, RecipeTensor> DescribeHeld()
    {
        var held = new Dictionary<string, RecipeTensor>();
        foreach ((string place, Tensor tensor) in small.Held)
        {
            if (!origin.Dense.Held.TryGetValue(place, out TensorDescription? dense))
                continue; // a cache that was filled since
            var now = TensorDescription.Of(tensor);
            held[place] = new RecipeTensor
            {
                Type = now.Type,
                Dense = dense.Shape,
                Small = now.Shape.AsSpan().SequenceEqual(dense.Shape) ? null : now.Shape,
                Stored = _saved.AddHeld(place, tensor),
            };
        }
        return held;
    }

    private static string Show(string path) => path.Length == 0 ? "The model" : $"'{path}'";
}
