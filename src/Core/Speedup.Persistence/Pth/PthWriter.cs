using System.Text;
using Speedup.Persistence.Masks;
using Speedup.Persistence.Pickling;
using static TorchSharp.torch;

namespace Speedup.Persistence.Pth;

/// <summary>Writes .pth files that torch.load reads, also with weights_only=True and mmap=True.</summary>
internal sealed class PthWriter
{
    private readonly PickleWriter _pickle = new();
    private readonly Dictionary<Tensor, string> _keys = new(ReferenceEqualityComparer.Instance);
    private readonly List<Tensor> _storages = [];

    /// <summary>Writes tensors by name.</summary>
    public static void WriteStateDict(TensorFile content, string path)
    {
        var writer = new PthWriter();
        writer._pickle.BeginDict();
        foreach (NamedTensor item in content.Tensors)
            writer.AddTensor(item.Name, item.Tensor);
        writer._pickle.EndDict();
        writer.Save(path);
    }

    /// <summary>Writes masks as NNI reads them: a dict of parameters for each module path.</summary>
    public static void WriteMasks(MaskSet masks, string path)
    {
        var writer = new PthWriter();
        writer._pickle.BeginDict();
        foreach (IGrouping<string, MaskEntry> module in masks.Entries.GroupBy(entry => entry.ModulePath, StringComparer.Ordinal))
        {
            writer._pickle.Text(module.Key);
            writer._pickle.BeginDict();
            foreach (MaskEntry entry in module)
                writer.AddTensor(entry.Parameter, entry.Mask);
            writer._pickle.EndDict();
        }
        writer._pickle.EndDict();
        writer.Save(path);
    }

    /// <summary>One tensor under several names is stored once, as PyTorch does it for tied weights.</summary>
    private void AddTensor(string name, Tensor tensor)
    {
        if (!_keys.TryGetValue(tensor, out string? key))
        {
            key = _storages.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _keys.Add(tensor, key);
            _storages.Add(tensor);
        }
        _pickle.Text(name);
        _pickle.Tensor(key, tensor.dtype, tensor.shape);
    }

    private void Save(string path)
    {
        byte[] data = _pickle.Finish();
        AtomicFile.Write(path, stream => Save(stream, data));
    }

    private void Save(Stream stream, byte[] data)
    {
        var zip = new StoredZipWriter(stream);
        Add(zip, "data.pkl", data);
        Add(zip, "byteorder", Encoding.ASCII.GetBytes("little"));
        for (int key = 0; key < _storages.Count; key++)
        {
            Tensor tensor = _storages[key];
            zip.Add($"archive/data/{key}", TensorBytes.LengthOf(tensor), target => TensorBytes.Write(tensor, target));
        }
        Add(zip, "version", Encoding.ASCII.GetBytes("3\n"));
        zip.Finish();
    }

    private static void Add(StoredZipWriter zip, string record, byte[] bytes) =>
        zip.Add($"archive/{record}", bytes.Length, target => target.Write(bytes));
}
