using Google.Protobuf;
using Speedup.Onnx.Abstractions;
using Speedup.Onnx.Proto;
using static TorchSharp.torch;

namespace Speedup.Onnx.Files;

/// <summary>Tensors as messages: within the file, or as places in a second one.</summary>
internal static class TensorMessages
{
    private const long MostAtOnce = 1 << 26;

    /// <summary>A tensor within the file.</summary>
    public static TensorProto Within(string name, Tensor tensor)
    {
        TensorProto message = Describe(name, tensor);
        message.RawData = ByteString.CopyFrom(tensor.bytes);
        return message;
    }

    /// <summary>A tensor that is written to a second file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="data">The second file, at a place where it goes on.</param>
    /// <param name="fileName">The name of that file, beside the first.</param>
    public static TensorProto Outside(string name, Tensor tensor, Stream data, string fileName)
    {
        TensorProto message = Describe(name, tensor);
        message.DataLocation = TensorProto.Types.DataLocation.External;
        long start = data.Position;
        using Tensor flat = tensor.reshape(-1);
        for (long at = 0; at < flat.numel(); at += MostAtOnce)
        {
            using Tensor part = flat.narrow(0, at, Math.Min(MostAtOnce, flat.numel() - at)).clone();
            data.Write(part.bytes);
        }
        message.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = fileName });
        message.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{start}" });
        message.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{data.Position - start}" });
        return message;
    }

    private static TensorProto Describe(string name, Tensor tensor)
    {
        var message = new TensorProto { Name = name, DataType = (int)OnnxTypes.CodeOf(tensor.dtype) };
        message.Dims.AddRange(tensor.shape);
        return message;
    }
}
