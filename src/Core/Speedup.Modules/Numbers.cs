namespace Speedup.Modules;

/// <summary>Checks and copies the numbers that modules are made with.</summary>
internal static class Numbers
{
    /// <summary>Lengths of parts: at least one, none negative.</summary>
    public static long[] Lengths(IEnumerable<long> lengths, string name)
    {
        ArgumentNullException.ThrowIfNull(lengths, name);
        long[] copy = [.. lengths];
        if (copy.Length == 0)
            throw new ArgumentException("At least one length is needed.", name);
        foreach (long length in copy)
            ArgumentOutOfRangeException.ThrowIfNegative(length, name);
        return copy;
    }

    /// <summary>A shape in which one length may be -1, "whatever is left".</summary>
    public static long[] Shape(long[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        string text = $"[{string.Join(", ", shape)}]";
        if (Array.Exists(shape, length => length is 0 or < -1))
            throw new ArgumentException($"The lengths of {text} must be positive, or -1 for whatever is left.", nameof(shape));
        if (shape.Count(length => length == -1) > 1)
            throw new ArgumentException($"Only one length of {text} can be -1.", nameof(shape));
        return [.. shape];
    }

    /// <summary>Axes: at least one, each once.</summary>
    public static long[] Axes(IEnumerable<long> axes, string name)
    {
        ArgumentNullException.ThrowIfNull(axes, name);
        long[] copy = [.. axes];
        if (copy.Length == 0)
            throw new ArgumentException("At least one axis is needed.", name);
        if (copy.Distinct().Count() != copy.Length)
            throw new ArgumentException($"[{string.Join(", ", copy)}] names an axis twice.", name);
        return copy;
    }
}
