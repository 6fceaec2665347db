using System.Reflection;
using Speedup.Core.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>Changes that make a small model of a dense one: collected first, then made, and undone where one fails.</summary>
internal sealed class ModelPatch(ModelInventory inventory)
{
    private readonly List<(nn.Module Owner, FieldInfo Field, object? Value)> _fields = [];
    private readonly List<(Tensor Old, Tensor New)> _tensors = [];
    private readonly List<(nn.Module Owner, string Name, Tensor Tensor, FieldInfo? Field)> _added = [];
    private readonly List<(nn.Module Old, nn.Module New)> _modules = [];
    private readonly List<(Tensor Target, Tensor Value)> _copies = [];

    /// <summary>Sets a field.</summary>
    public void Set(nn.Module owner, FieldInfo field, object? value) => _fields.Add((owner, field, value));

    /// <summary>Puts a tensor in all places of another one.</summary>
    public void Swap(Tensor old, Tensor other) => _tensors.Add((old, other));

    /// <summary>Registers a tensor that the dense module does not have.</summary>
    public void Add(nn.Module owner, string name, Tensor tensor, FieldInfo? field) => _added.Add((owner, name, tensor, field));

    /// <summary>Puts a module in all places of another one.</summary>
    public void Swap(nn.Module old, nn.Module other) => _modules.Add((old, other));

    /// <summary>Copies values into a tensor of the same type and lengths.</summary>
    public void Copy(Tensor target, Tensor value) => _copies.Add((target, value));

    /// <summary>Makes the changes: copies, which leave no way back, last, since they cannot fail.</summary>
    public void Apply()
    {
        var children = new ChildSnapshot(inventory);
        var undo = new Stack<Action>();
        try
        {
            foreach ((nn.Module owner, FieldInfo field, object? value) in _fields)
                SetField(owner, field, value, undo);
            foreach ((Tensor old, Tensor other) in _tensors)
            foreach (Tensor alias in inventory.AliasesOf(old).Where(alias => alias is Parameter == other is Parameter))
                SetAll(inventory.PlacesOf(alias), alias, other, undo);
            foreach ((nn.Module owner, string name, Tensor tensor, FieldInfo? field) in _added)
                Register(owner, name, tensor, field, undo);
            foreach ((nn.Module old, nn.Module other) in _modules)
                SetAll(inventory.PlacesOf(old), old, other, undo);
        }
        catch
        {
            foreach (Action step in undo)
                step();
            children.Restore(new StateChanges());
            throw;
        }
        foreach ((Tensor target, Tensor value) in _copies)
            target.copy_(value);
    }

    private static void SetAll(IReadOnlyList<Place> places, object old, object other, Stack<Action> undo)
    {
        foreach (Place place in places)
        {
            undo.Push(() => place.Set(old));
            place.Set(other);
        }
    }

    private static void SetField(nn.Module owner, FieldInfo field, object? value, Stack<Action> undo)
    {
        object? old = field.GetValue(owner);
        undo.Push(() => field.SetValue(owner, old));
        field.SetValue(owner, value);
    }

    private static void Register(nn.Module owner, string name, Tensor tensor, FieldInfo? field, Stack<Action> undo)
    {
        if (tensor is Parameter parameter)
            owner.register_parameter(name, parameter);
        else
            owner.register_buffer(name, tensor);
        if (field is not null)
            SetField(owner, field, tensor, undo);
    }
}
