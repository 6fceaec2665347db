using System.Reflection;
using Speedup.Core.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Replacement;

/// <summary>
/// Changes to a model that are undone, bit for bit, unless they are committed: modules that take the place of others, and values
/// written over parameters.
/// </summary>
internal sealed class ModelTransaction(ModelInventory inventory) : IDisposable
{
    private readonly List<(nn.Module Old, nn.Module New)> _swaps = [];
    private readonly List<(Tensor Old, Tensor New)> _tensorSwaps = [];
    private readonly List<(Tensor Parameter, Tensor Backup)> _writes = [];
    private readonly List<(FieldInfo Field, nn.Module Owner, object? Old)> _fields = [];
    private readonly List<(IReadOnlyList<Place> Places, Tensor Own, Tensor Shared)> _shares = [];
    private bool _ended;

    /// <summary>Modules replaced so far, old and new.</summary>
    public IReadOnlyList<(nn.Module Old, nn.Module New)> Swaps => _swaps;

    /// <summary>Installs a module in every place that refers to another one. Takes ownership of it.</summary>
    public void Swap(nn.Module old, nn.Module replacement)
    {
        _swaps.Add((old, replacement));
        foreach (Place place in inventory.PlacesOf(old))
            place.Set(replacement);
    }

    /// <summary>Installs a tensor in every place that refers to another one. Takes ownership of it.</summary>
    public void Swap(Tensor old, Tensor replacement)
    {
        replacement.DetachFromDisposeScope();
        foreach (Tensor alias in inventory.AliasesOf(old).Where(alias => alias is Parameter == replacement is Parameter))
        {
            _tensorSwaps.Add((alias, replacement));
            foreach (Place place in inventory.PlacesOf(alias))
                place.Set(replacement);
        }
    }

    /// <summary>Installs a tensor that another module holds, too, in place of a new module's own, which it takes over.</summary>
    public void Share(IReadOnlyList<Place> places, Tensor own, Tensor shared)
    {
        _shares.Add((places, own, shared));
        foreach (Place place in places)
            place.Set(shared);
    }

    /// <summary>Writes a value over a parameter, in place.</summary>
    public void Write(Tensor parameter, Tensor value)
    {
        using var _ = no_grad();
        _writes.Add((parameter, parameter.detach().clone().DetachFromDisposeScope()));
        parameter.copy_(value);
    }

    /// <summary>Sets a field of a module, and says so in the notes.</summary>
    public void SetField(nn.Module owner, FieldInfo field, object value)
    {
        object? old = field.GetValue(owner);
        _fields.Add((field, owner, old));
        field.SetValue(owner, value);
        Notes.Add($"Field '{field.Name}' of '{inventory.PathOf(owner)}' held a width: it was {old} and is now {value}.");
    }

    /// <summary>Changes that the user should know of.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>
    /// Makes the changes permanent. What they replaced is left to the garbage collector: another model, an ensemble or a list of the caller's
    /// may hold an old module or parameter, too, and nobody can know.
    /// </summary>
    public void Commit()
    {
        _ended = true;
        foreach (Tensor own in _shares.Select(share => share.Own))
            own.Dispose(); // made for this model, and given up for the one that is shared
        DisposeBackups();
    }

    /// <summary>Undoes everything that was not committed, newest first.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        using var _ = no_grad();
        foreach ((Tensor parameter, Tensor backup) in Enumerable.Reverse(_writes))
            parameter.copy_(backup);
        foreach (var share in Enumerable.Reverse(_shares))
        {
            foreach (Place place in share.Places)
                place.Set(share.Own); // the new module disposes it, and must not dispose what is not its own
        }
        foreach ((nn.Module old, nn.Module replacement) in Enumerable.Reverse(_swaps))
        {
            foreach (Place place in inventory.PlacesOf(old))
                place.Set(old);
            replacement.Dispose();
        }
        foreach ((Tensor old, Tensor replacement) in Enumerable.Reverse(_tensorSwaps))
        {
            foreach (Place place in inventory.PlacesOf(old))
                place.Set(old);
            replacement.Dispose();
        }
        foreach ((FieldInfo field, nn.Module owner, object? old) in Enumerable.Reverse(_fields))
            field.SetValue(owner, old);
        DisposeBackups();
    }

    private void DisposeBackups()
    {
        foreach ((_, Tensor backup) in _writes)
            backup.Dispose();
    }
}
