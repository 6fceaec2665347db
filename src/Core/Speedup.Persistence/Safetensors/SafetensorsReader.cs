using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Persistence.Safetensors;

/// <summary>Reads .safetensors files. No byte of a tensor is read before the whole header was checked.</summary>
internal static class SafetensorsReader
{
    public static StateDict Read(string path, TensorFileOptions? options = null, FileLimits? limits = null, bool multiplies = true)
    {
        var errors = new FileErrors(path);
        TensorFileOptions wanted = options ?? new TensorFileOptions();
        if (wanted.Key is not null)
            throw errors.Create(
                FileCodes.NotAStateDict,
                $"a .safetensors file has no parts, so that there is no '{Quoted.Text(wanted.Key)}' in it. Leave the key away."
            );
        using FileStream stream = AtomicFile.OpenRead(path);
        var result = new StateDict();
        try
        {
            FileLimits caps = limits ?? FileLimits.Default;
            var budget = new LoadBudget(stream.Length, caps, errors);
            SafetensorsHeader header = new SafetensorsHeaderReader(stream, caps, budget, errors).Read();
            foreach ((string key, string value) in header.Metadata)
                result.Metadata.Add(key, value);
            var names = new TensorNames(wanted, budget, errors);
            foreach (SafetensorsEntry entry in header.Entries)
            {
                if (names.Find(entry.Name) is not { } name)
                    continue;
                budget.Charge(LoadBudget.Tensor + LoadBudget.Reading + LoadBudget.Hashed + TensorBytes.CostOf(entry.End - entry.Begin));
                result.Add(name, ReadTensor(stream, header, entry, errors));
            }
            return multiplies ? PrunedPairs.Multiply(result, budget, errors) : result;
        }
        catch (Exception fault)
        {
            result.Dispose();
            if (FileErrors.IsFileFault(fault))
                throw errors.Create(FileCodes.CannotRead, $"reading stopped ({fault.Message}). Copy or download the file again.", fault);
            throw;
        }
    }

    private static Tensor ReadTensor(FileStream stream, SafetensorsHeader header, SafetensorsEntry entry, FileErrors errors)
    {
        if (entry.Begin == entry.End)
            return empty(entry.Shape, entry.Type.Type!.Value, CPU);
        stream.Position = header.DataStart + entry.Begin;
        using var bytes = new CheckedReadStream(stream) { ExpectBools = entry.Type.Type == ScalarType.Bool };
        Tensor tensor = TensorBytes.Read(bytes, entry.Shape, entry.Type.Type!.Value);
        if (bytes.WrongBool is not { } value)
            return tensor;
        tensor.Dispose();
        throw errors.Create(
            FileCodes.BadStorage,
            $"tensor '{Quoted.Text(entry.Name)}' holds bools, but also the byte {value}. The file is damaged; copy or download it again."
        );
    }
}
