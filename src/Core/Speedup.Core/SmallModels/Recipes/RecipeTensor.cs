using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Recipes;

/// <summary>A tensor of the dense model, and what becomes of it.</summary>
internal sealed record RecipeTensor
{
    /// <summary>Element type.</summary>
    public required ScalarType Type { get; init; }

    /// <summary>Lengths of the axes in the dense model; null for one that only the small model has, such as a new bias.</summary>
    public long[]? Dense { get; init; }

    /// <summary>The first name that its memory has in the dense model; null where that is its own.</summary>
    public string? SharedWith { get; init; }

    /// <summary>Lengths of the axes in the small model; null where they are the dense model's.</summary>
    public long[]? Small { get; init; }

    /// <summary>The tensor in the file; null where it goes with its module.</summary>
    public string? Stored { get; init; }

    /// <summary>For one that only the small model has: the field that holds it; null where it is only registered.</summary>
    public string? Field { get; init; }

    /// <summary>For one that only the small model has: whether it is a parameter, and no buffer.</summary>
    public bool IsParameter { get; init; }

    /// <summary>Indices of the dense tensor that are left, by axis; whole axes are not listed.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<long>>? Kept { get; init; }
}
