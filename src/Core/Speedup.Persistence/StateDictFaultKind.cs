namespace Speedup.Persistence;

/// <summary>In which way a weights file and a module do not fit.</summary>
public enum StateDictFaultKind
{
    /// <summary>The module has a tensor of that name, the file has none.</summary>
    Missing,

    /// <summary>The file has a tensor of that name, the module has none.</summary>
    Unexpected,

    /// <summary>The two tensors have different shapes.</summary>
    Shape,

    /// <summary>The type in the file cannot become the type in the module.</summary>
    Type,

    /// <summary>The type can be converted, but a value does not survive it.</summary>
    Value,
}
