namespace Speedup.Onnx.Graphs;

/// <summary>The versions of the format that are written.</summary>
internal static class OnnxVersion
{
    /// <summary>The set of operators of the default domain.</summary>
    public const int Opset = 20;

    /// <summary>The version of the file's own form.</summary>
    public const int Ir = 8;
}
