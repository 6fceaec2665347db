using Google.Protobuf;
using Speedup.Onnx.Abstractions;
using Speedup.Onnx.Proto;

namespace Speedup.Onnx.Graphs;

/// <summary>Attributes of nodes as messages.</summary>
internal static class Attributes
{
    /// <summary>The message of an attribute.</summary>
    /// <exception cref="ArgumentException">Its value is none that ONNX knows.</exception>
    public static AttributeProto Of(OnnxAttribute attribute)
    {
        var message = new AttributeProto { Name = attribute.Name };
        switch (attribute.Value)
        {
            case long number:
                (message.I, message.Type) = (number, AttributeProto.Types.AttributeType.Int);
                break;
            case float number:
                (message.F, message.Type) = (number, AttributeProto.Types.AttributeType.Float);
                break;
            case string text:
                (message.S, message.Type) = (ByteString.CopyFromUtf8(text), AttributeProto.Types.AttributeType.String);
                break;
            case long[] numbers:
                message.Ints.AddRange(numbers);
                message.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case float[] numbers:
                message.Floats.AddRange(numbers);
                message.Type = AttributeProto.Types.AttributeType.Floats;
                break;
            case string[] texts:
                message.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                message.Type = AttributeProto.Types.AttributeType.Strings;
                break;
            default:
                throw new ArgumentException(
                    $"The attribute '{attribute.Name}' is a {attribute.Value.GetType()}, which no attribute can be."
                );
        }
        return message;
    }
}
