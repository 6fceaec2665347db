using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace Speedup.Persistence.Pickling;

/// <summary>Writes pickles of protocol 2 that hold dicts of text and tensors, in opcodes that torch.load takes with weights_only=True.</summary>
internal sealed class PickleWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public PickleWriter() => Put(PickleOpcode.Proto, 2);

    /// <summary>Opens a dict; write text and value in turn, then close it.</summary>
    public void BeginDict() => Put(PickleOpcode.EmptyDict, PickleOpcode.Mark);

    public void EndDict() => Put(PickleOpcode.SetItems);

    public void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Put(PickleOpcode.Unicode);
        Number32(utf8.Length);
        Put(utf8);
    }

    /// <summary>A contiguous tensor that fills storage <c>data/key</c>.</summary>
    public void Tensor(string key, ScalarType type, long[] shape)
    {
        long elements = shape.Aggregate(1L, (product, size) => product * size);
        Global("torch._utils", "_rebuild_tensor_v2");
        Put(PickleOpcode.Mark, PickleOpcode.Mark);
        Text("storage");
        Global("torch", PickleGlobals.StorageName(type));
        Text(key);
        Text("cpu");
        Number(elements);
        Put(PickleOpcode.Tuple, PickleOpcode.PersistentId);
        Number(0);
        Numbers(shape);
        Numbers(ContiguousStrides(shape));
        Put(PickleOpcode.False);
        Global("collections", "OrderedDict");
        Put(PickleOpcode.EmptyTuple, PickleOpcode.Reduce, PickleOpcode.Tuple, PickleOpcode.Reduce);
    }

    public byte[] Finish()
    {
        Put(PickleOpcode.Stop);
        return _buffer.WrittenSpan.ToArray();
    }

    private static long[] ContiguousStrides(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(shape[axis], 1);
        }
        return strides;
    }

    private void Global(string module, string name)
    {
        Put(PickleOpcode.Global);
        Put(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Numbers(long[] numbers)
    {
        Put(PickleOpcode.Mark);
        foreach (long number in numbers)
            Number(number);
        Put(PickleOpcode.Tuple);
    }

    private void Number(long number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            Put(PickleOpcode.Int32);
            Number32((int)number);
            return;
        }
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        Put(PickleOpcode.Long1, 8);
        Put(bytes);
    }

    private void Number32(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        Put(bytes);
    }

    private void Put(params ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}
