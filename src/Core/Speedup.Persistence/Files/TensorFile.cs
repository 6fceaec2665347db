using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>A tensor to write; not owned.</summary>
internal readonly record struct NamedTensor(string Name, Tensor Tensor);

/// <summary>What is to be written to a file: unique names, and tensors with plain, dense bytes.</summary>
internal sealed class TensorFile
{
    private TensorFile(IReadOnlyList<NamedTensor> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        Tensors = tensors;
        Metadata = metadata;
    }

    public IReadOnlyList<NamedTensor> Tensors { get; }

    public IEnumerable<KeyValuePair<string, string>> Metadata { get; }

    /// <summary>Checks that all tensors can be written, before any file is touched.</summary>
    public static TensorFile Create(
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IEnumerable<KeyValuePair<string, string>> metadata,
        FileErrors errors
    )
    {
        List<NamedTensor> list = [.. tensors.Select(item => new NamedTensor(item.Key, item.Value))];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (NamedTensor item in list)
        {
            if (item.Name.Length == 0 || !names.Add(item.Name))
                throw errors.Create(
                    FileCodes.BadName,
                    $"there are two tensors named '{Quoted.Text(item.Name)}', or the name is empty. Give each its own name."
                );
            if (Fault(item.Tensor) is { } fault)
                throw errors.Create(FileCodes.UnsavableTensor, $"tensor '{Quoted.Text(item.Name)}' {fault}");
        }
        return new TensorFile(list, metadata);
    }

    private static string? Fault(Tensor tensor)
    {
        if (tensor.IsInvalid)
            return "was disposed. Save before disposing its owner.";
        if (tensor.is_sparse)
            return "is sparse, which is not saved. Convert it with to_dense().";
        if (tensor.is_meta)
            return "is on the meta device and has no values. Give it some before saving.";
        return TensorBytes.SizeOf(tensor.dtype) is null
            ? $"has type {tensor.dtype}, which is not saved. Convert it with dequantize()."
            : null;
    }
}
