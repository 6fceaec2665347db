namespace Speedup.Onnx.Abstractions;

/// <summary>An index that is neither a number, a range, a truth nor a tensor.</summary>
public enum OnnxIndex
{
    /// <summary>All axes that are not named (<c>...</c>).</summary>
    Ellipsis,

    /// <summary>A new axis of length one.</summary>
    NewAxis,
}
