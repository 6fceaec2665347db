using Google.Protobuf;
using Speedup.Onnx.Graphs;
using Speedup.Onnx.Proto;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Onnx.Files;

/// <summary>Writes a graph as a file, and its weights as a second one where they are large: as a whole or not at all.</summary>
internal static class OnnxFile
{
    /// <summary>Writes both into a folder beside the target, has them checked there, and moves them.</summary>
    /// <returns>The second file, if any, and the bytes of both.</returns>
    /// <param name="graph">The graph.</param>
    /// <param name="path">The target.</param>
    /// <param name="metadata">Metadata by key.</param>
    /// <param name="externalFrom">Bytes of weights from which on they go to the second file.</param>
    /// <param name="check">Looks at the file before it is moved; what it throws is passed on, and the target stays as it was.</param>
    /// <exception cref="PersistenceException">The files cannot be written.</exception>
    public static (string? DataPath, long Size) Write(
        OnnxGraph graph,
        string path,
        IReadOnlyDictionary<string, string> metadata,
        long externalFrom,
        Action<string> check
    )
    {
        string full = Path.GetFullPath(path);
        string stage = TemporaryFile.NewName(full);
        string file = Path.Combine(stage, Path.GetFileName(full));
        string? data = graph.Initializers.Values.Sum(tensor => tensor.numel() * tensor.ElementSize) >= externalFrom ? file + ".data" : null;
        try
        {
            Guard(path, () => WriteTo(graph, metadata, file, data));
            check(file);
            return Guard(path, () => Move(full, file, data));
        }
        finally
        {
            if (Directory.Exists(stage))
                Directory.Delete(stage, recursive: true);
        }
    }

    private static bool WriteTo(OnnxGraph graph, IReadOnlyDictionary<string, string> metadata, string file, string? data)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        ModelProto model = Describe(graph, metadata);
        using FileStream? second = data is null ? null : new FileStream(data, FileMode.CreateNew);
        foreach ((string name, Tensor tensor) in graph.Initializers)
            model.Graph.Initializer.Add(
                second is null || tensor.dim() == 0
                    ? TensorMessages.Within(name, tensor)
                    : TensorMessages.Outside(name, tensor, second, Path.GetFileName(data!))
            );
        second?.Flush(flushToDisk: true);
        using var first = new FileStream(file, FileMode.CreateNew);
        model.WriteTo(first);
        first.Flush(flushToDisk: true);
        return true;
    }

    private static ModelProto Describe(OnnxGraph graph, IReadOnlyDictionary<string, string> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = OnnxVersion.Ir,
            ProducerName = "Speedup.Framework",
            ProducerVersion = typeof(OnnxFile).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = new GraphProto { Name = graph.Name },
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OnnxVersion.Opset });
        model.Graph.Input.AddRange(graph.Inputs.Select(Describe));
        model.Graph.Output.AddRange(graph.Outputs.Select(Describe));
        model.Graph.Node.AddRange(graph.Nodes);
        model.MetadataProps.AddRange(metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model;
    }

    private static ValueInfoProto Describe(OnnxPort port) =>
        ValueTypes.Of(
            port.Name,
            port.DType,
            port.Shape.Select(axis => long.TryParse(axis, out long length) ? (length, (string?)null) : (0, axis))
        );

    private static (string? DataPath, long Size) Move(string full, string file, string? data)
    {
        long size = new FileInfo(file).Length;
        string? dataPath = null;
        if (data is not null)
        {
            size += new FileInfo(data).Length;
            dataPath = full + ".data";
            File.Move(data, dataPath, overwrite: true);
        }
        File.Move(file, full, overwrite: true);
        return (dataPath, size);
    }

    private static T Guard<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PersistenceException(
                FileCodes.CannotWrite,
                path,
                $"the file cannot be written ({fault.Message}). Check that the folder exists, is writable and has space.",
                fault
            );
        }
    }
}
