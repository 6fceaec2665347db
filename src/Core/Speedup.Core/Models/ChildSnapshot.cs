using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// The children, parameters and buffers of modules by name, and their training flags: a <c>forward</c> that makes a layer when it is first
/// called may register it, and one that replaces a buffer registers that anew.
/// </summary>
internal sealed class ChildSnapshot
{
    private static readonly FieldInfo? Children = FieldOf("_internal_submodules");
    private static readonly FieldInfo? Parameters = FieldOf("_internal_params");
    private static readonly FieldInfo? Buffers = FieldOf("_internal_buffers");
    private readonly List<IRegister> _registers = [];
    private readonly List<(nn.Module Module, bool Training)> _flags;

    /// <summary>Notes what the modules of a model hold.</summary>
    public ChildSnapshot(ModelInventory inventory)
    {
        _flags = [.. inventory.Modules.Select(entry => (entry.Module, entry.Module.training))];
        foreach ((string path, nn.Module module) in inventory.Modules)
        {
            Add<nn.Module>(path, Children?.GetValue(module));
            Add<Parameter>(path, Parameters?.GetValue(module));
            Add<(Tensor, bool)>(path, Buffers?.GetValue(module));
        }
    }

    /// <summary>Puts back what has changed.</summary>
    public void Restore(StateChanges changes)
    {
        foreach (IRegister register in _registers)
            register.Restore(changes);
        foreach ((nn.Module module, bool training) in _flags)
        {
            if (module.training != training)
                module.train(training); // parents come first: train() goes down to children, which are then set again
        }
    }

    private static FieldInfo? FieldOf(string name) => typeof(nn.Module).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic);

    private void Add<T>(string path, object? entries)
    {
        if (entries is OrderedDict<string, T> register)
            _registers.Add(new Register<T>(path, register));
    }

    private interface IRegister
    {
        void Restore(StateChanges changes);
    }

    private sealed class Register<T>(string path, OrderedDict<string, T> entries) : IRegister
    {
        private readonly (string Name, T Entry)[] _held = Read(entries);

        public void Restore(StateChanges changes)
        {
            (string Name, T Entry)[] now = Read(entries);
            if (now.Length == _held.Length && now.Zip(_held).All(pair => IsSame(pair.First, pair.Second)))
                return;
            foreach ((string name, T entry) in _held.Where(held => !Array.Exists(now, other => IsSame(held, other))))
            {
                changes.Add(TensorPath.Join(path, name));
                if (Identity(entry) is Tensor tensor)
                    changes.Add(tensor);
            }
            foreach ((string name, _) in now.Where(other => !Array.Exists(_held, held => IsSame(held, other))))
                changes.Add(TensorPath.Join(path, name));
            foreach ((string name, _) in now)
                entries.Remove(name);
            foreach ((string name, T entry) in _held)
                entries.Add(name, entry);
        }

        private static (string, T)[] Read(OrderedDict<string, T> entries) => [.. (IEnumerable<(string, T)>)entries];

        private static bool IsSame((string Name, T Entry) first, (string Name, T Entry) second) =>
            first.Name == second.Name && ReferenceEquals(Identity(first.Entry), Identity(second.Entry));

        private static object? Identity(T entry) => entry is ValueTuple<Tensor, bool> buffer ? buffer.Item1 : entry;
    }
}
