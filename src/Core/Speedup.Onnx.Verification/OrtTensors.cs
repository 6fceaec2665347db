using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Speedup.Onnx.Verification;

/// <summary>Tensors of TorchSharp as values of ONNX Runtime, and back. All are copies.</summary>
internal static class OrtTensors
{
    private static readonly (ScalarType Torch, TensorElementType Ort)[] Types =
    [
        (ScalarType.Float32, TensorElementType.Float),
        (ScalarType.Float64, TensorElementType.Double),
        (ScalarType.Float16, TensorElementType.Float16),
        (ScalarType.BFloat16, TensorElementType.BFloat16),
        (ScalarType.Int64, TensorElementType.Int64),
        (ScalarType.Int32, TensorElementType.Int32),
        (ScalarType.Int16, TensorElementType.Int16),
        (ScalarType.Int8, TensorElementType.Int8),
        (ScalarType.Byte, TensorElementType.UInt8),
        (ScalarType.Bool, TensorElementType.Bool),
    ];

    /// <summary>A value, which belongs to the caller.</summary>
    public static OrtValue From(Tensor tensor)
    {
        using Tensor plain = tensor.detach().cpu().contiguous();
        TensorElementType type = Types.First(pair => pair.Torch == tensor.dtype).Ort;
        OrtValue value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, tensor.shape);
        plain.bytes.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    /// <summary>A tensor, which belongs to the caller.</summary>
    public static Tensor ToTensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        Tensor tensor = empty(info.Shape, dtype: Types.First(pair => pair.Ort == info.ElementDataType).Torch);
        value.GetTensorMutableRawData().CopyTo(tensor.bytes);
        return tensor;
    }
}
