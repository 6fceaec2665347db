using System.Collections.Frozen;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Persistence.Pickling;

/// <summary>The allow list of global names, and the words for what is not on it.</summary>
internal static class PickleGlobals
{
    private static readonly FrozenDictionary<string, GlobalToken> Allowed = new Dictionary<string, GlobalToken>(StringComparer.Ordinal)
    {
        ["torch._utils._rebuild_tensor_v2"] = new(PickleGlobal.RebuildTensor),
        ["torch._utils._rebuild_parameter"] = new(PickleGlobal.RebuildParameter),
        ["collections.OrderedDict"] = new(PickleGlobal.OrderedDict),
        ["collections.defaultdict"] = new(PickleGlobal.DefaultDict),
        ["__builtin__.dict"] = new(PickleGlobal.Dict),
        ["builtins.dict"] = new(PickleGlobal.Dict),
        ["torch.FloatStorage"] = new(PickleGlobal.StorageType, ScalarType.Float32),
        ["torch.DoubleStorage"] = new(PickleGlobal.StorageType, ScalarType.Float64),
        ["torch.HalfStorage"] = new(PickleGlobal.StorageType, ScalarType.Float16),
        ["torch.BFloat16Storage"] = new(PickleGlobal.StorageType, ScalarType.BFloat16),
        ["torch.LongStorage"] = new(PickleGlobal.StorageType, ScalarType.Int64),
        ["torch.IntStorage"] = new(PickleGlobal.StorageType, ScalarType.Int32),
        ["torch.ShortStorage"] = new(PickleGlobal.StorageType, ScalarType.Int16),
        ["torch.CharStorage"] = new(PickleGlobal.StorageType, ScalarType.Int8),
        ["torch.ByteStorage"] = new(PickleGlobal.StorageType, ScalarType.Byte),
        ["torch.BoolStorage"] = new(PickleGlobal.StorageType, ScalarType.Bool),
        ["torch.ComplexFloatStorage"] = new(PickleGlobal.StorageType, ScalarType.ComplexFloat32),
        ["torch.ComplexDoubleStorage"] = new(PickleGlobal.StorageType, ScalarType.ComplexFloat64),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The global of a storage of that type, as <c>module\nname\n</c> wants it.</summary>
    public static string StorageName(ScalarType type) =>
        Allowed.First(entry => entry.Value.Kind == PickleGlobal.StorageType && entry.Value.Type == type).Key["torch.".Length..];

    /// <summary>The token of a global name, or the error that says why there is none.</summary>
    public static GlobalToken Get(string module, string name, LoadBudget budget, FileErrors errors)
    {
        budget.Charge(LoadBudget.Text(module.Length + name.Length));
        string full = $"{module}.{name}";
        return Allowed.GetValueOrDefault(full) ?? throw Refuse(full, errors);
    }

    private static PersistenceException Refuse(string name, FileErrors errors)
    {
        if (name.StartsWith("torch.nn.", StringComparison.Ordinal))
            return errors.Create(
                FileCodes.WholeModule,
                $"it holds a whole pickled module ('{Quoted.Text(name)}'), which only its own Python code can read. "
                    + "In Python, save its weights: torch.save(model.state_dict(), path)."
            );
        if (IsUnsupportedTensor(name))
            return errors.Create(
                FileCodes.UnsupportedType,
                $"it holds a kind of tensor that TorchSharp does not have ('{Quoted.Text(name)}'). "
                    + "In Python, convert it first, for example with tensor.float() or tensor.to_dense()."
            );
        return errors.Create(
            FileCodes.ForbiddenGlobal,
            $"its pickle asks for the Python global '{Quoted.Text(name)}', which is not on the list of what tensors need. Nothing was run. "
                + "If you trust the file, load it in Python and save only its tensors: torch.save(model.state_dict(), path)."
        );
    }

    private static bool IsUnsupportedTensor(string name) =>
        name
            is "torch._utils._rebuild_tensor_v3"
                or "torch._utils._rebuild_qtensor"
                or "torch._utils._rebuild_sparse_tensor"
                or "torch._utils._rebuild_sparse_csr_tensor"
                or "torch._utils._rebuild_meta_tensor_no_storage"
                or "torch.storage.UntypedStorage"
        || (name.StartsWith("torch.", StringComparison.Ordinal) && name.EndsWith("Storage", StringComparison.Ordinal));
}
