using Speedup.Onnx.Proto;

namespace Onnx.Tests.Support;

/// <summary>What is in a file.</summary>
internal sealed record OnnxContent(
    long Opset,
    string Producer,
    IReadOnlyList<string> NodeNames,
    IReadOnlyList<string> InitializerNames,
    IReadOnlyDictionary<string, string> Metadata
)
{
    /// <summary>Reads a file.</summary>
    public static OnnxContent Read(string path)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        return new OnnxContent(
            model.OpsetImport[0].Version,
            model.ProducerName,
            [.. model.Graph.Node.Select(node => node.Name)],
            [.. model.Graph.Initializer.Select(tensor => tensor.Name)],
            model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value)
        );
    }
}
