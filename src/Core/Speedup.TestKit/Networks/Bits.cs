using static TorchSharp.torch;

namespace Speedup.TestKit.Networks;

/// <summary>Compares and copies the parameters and buffers of modules.</summary>
internal static class Bits
{
    /// <summary>All parameters and buffers, with copies of their values; the copies belong to the caller's dispose scope.</summary>
    public static IReadOnlyList<(string Name, Tensor Value)> Copy(nn.Module module) =>
        [.. Of(module).Select(entry => (entry.Name, entry.Value.detach().clone()))];

    /// <summary>All parameters and buffers.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Of(nn.Module module) =>
        [
            .. module.named_parameters(recurse: true).Select(entry => (entry.name, (Tensor)entry.parameter)),
            .. module.named_buffers(recurse: true).Select(entry => (entry.name, entry.buffer)),
        ];

    /// <summary>The name of the first tensor that is not what it was; null if all are.</summary>
    public static string? FindChange(IReadOnlyList<(string Name, Tensor Value)> before, nn.Module module)
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] after = [.. Of(module)];
        if (after.Length != before.Count)
            return $"the number of tensors, {before.Count} before and {after.Length} after";
        foreach (((string name, Tensor old), (string newName, Tensor value)) in before.Zip(after))
        {
            if (name != newName || !AreSame(old, value))
                return name;
        }
        return null;
    }

    /// <summary>Same type, shape and values; NaN is the same as NaN.</summary>
    public static bool AreSame(Tensor first, Tensor second)
    {
        if (first.dtype != second.dtype || !first.shape.AsSpan().SequenceEqual(second.shape))
            return false;
        using var scope = NewDisposeScope();
        Tensor value = second.detach();
        return (first.eq(value) | (first.ne(first) & value.ne(value))).all().item<bool>();
    }
}
