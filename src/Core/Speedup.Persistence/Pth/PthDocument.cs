using System.Text;
using Speedup.Persistence.Masks;
using Speedup.Persistence.Pickling;
using static TorchSharp.torch;

namespace Speedup.Persistence.Pth;

/// <summary>An open .pth file: the plain values of its pickle, and the tensors these refer to.</summary>
internal sealed class PthDocument : IDisposable
{
    private readonly Dictionary<string, (StorageRef Ref, Tensor Tensor)> _storages = new(StringComparer.Ordinal);
    private readonly Stream _stream;
    private readonly IStorageSource _source;
    private readonly LoadBudget _views;

    private PthDocument(Stream stream, IStorageSource source, object? root, LoadBudget budget, LoadBudget views, FileErrors errors)
    {
        _stream = stream;
        _source = source;
        Root = root;
        _views = views;
        Budget = budget;
        Errors = errors;
    }

    public FileErrors Errors { get; }

    /// <summary>What is left to read the file with.</summary>
    public LoadBudget Budget { get; }

    /// <summary>What the pickle holds.</summary>
    public object? Root { get; }

    /// <summary>Opens a file and reads its pickle, but no tensor yet.</summary>
    public static PthDocument Open(string path, FileLimits? limits = null)
    {
        FileLimits caps = limits ?? FileLimits.Default;
        var errors = new FileErrors(path);
        FileStream stream = AtomicFile.OpenRead(path);
        try
        {
            var budget = new LoadBudget(stream.Length, caps, errors);
            var views = new LoadBudget(stream.Length, caps, errors, "to be shown by repeated views of its storages");
            (object? root, IStorageSource source) = PthSignature.FindLegacyStart(stream, errors) is { } start
                ? LegacyFile.Open(stream, start, caps, budget, errors)
                : OpenArchive(stream, caps, budget, errors);
            return new PthDocument(stream, source, root, budget, views, errors);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The tensor that a pickle refers to, on the CPU; belongs to the current dispose scope. Views of one storage share memory, as after
    /// torch.load. What they show is limited, too: a stride of 0 makes a tensor of any size out of one number, and who copies it needs that much.
    /// </summary>
    public Tensor Tensor(TensorRef reference)
    {
        _views.Charge(reference.Elements * TensorBytes.SizeOf(reference.Storage.Type)!.Value);
        Budget.Charge(LoadBudget.Tensor);
        return Storage(reference.Storage).as_strided(reference.Shape, reference.Strides, reference.Offset);
    }

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in _storages.Values)
            tensor.Dispose();
        _stream.Dispose();
    }

    private static (object? Root, IStorageSource Source) OpenArchive(Stream stream, FileLimits caps, LoadBudget budget, FileErrors errors)
    {
        PthArchive archive = PthArchive.Open(stream, caps, budget, errors);
        CheckRecords(archive, errors);
        return (PickleReader.Read(archive.ReadAll("data.pkl", caps.PickleBytes), caps, budget, errors), new ZippedStorages(archive));
    }

    private static void CheckRecords(PthArchive archive, FileErrors errors)
    {
        if (archive.Contains("constants.pkl"))
            throw errors.Create(
                FileCodes.TorchScript,
                "it is a TorchScript archive (torch.jit.save). In Python, save its weights: torch.save(module.state_dict(), path)."
            );
        string version = Encoding.ASCII.GetString(archive.ReadAll("version", 32)).Trim();
        if (!int.TryParse(version, out int number) || number is < 1 or > 10)
            throw errors.Create(
                FileCodes.ArchiveLayout,
                $"its format version is '{Quoted.Text(version)}'; 1 to 10 are read. Save it again with torch.save."
            );
        if (!archive.Contains("byteorder"))
            return;
        string order = Encoding.ASCII.GetString(archive.ReadAll("byteorder", 32)).Trim();
        if (order != "little")
            throw errors.Create(
                FileCodes.ByteOrder,
                $"its byte order is '{Quoted.Text(order)}'; only 'little' is read. Save it on a little-endian machine, or after "
                    + "torch.serialization.set_default_load_endianness there."
            );
    }

    private Tensor Storage(StorageRef reference)
    {
        Budget.Charge(LoadBudget.Text(reference.Key.Length + 8)); // to look it up, and its record
        if (_storages.TryGetValue(reference.Key, out (StorageRef Ref, Tensor Tensor) known))
        {
            if (known.Ref != reference)
                throw Errors.Create(
                    FileCodes.BadStorage,
                    $"storage '{Quoted.Text(reference.Key)}' is described in two ways ({known.Ref.Elements} x {known.Ref.Type} and "
                        + $"{reference.Elements} x {reference.Type}). The file is damaged or forged."
                );
            return known.Tensor;
        }
        long wanted = reference.Elements * TensorBytes.SizeOf(reference.Type)!.Value;
        if (_source.LengthOf(reference) is not { } length || length != wanted)
            throw Errors.Create(
                FileCodes.BadStorage,
                $"storage '{Quoted.Text(reference.Key)}' should have {wanted} bytes ({reference.Elements} x {reference.Type}), "
                    + $"its record has {_source.LengthOf(reference)?.ToString() ?? "none: it is missing"}. Copy or download the file again."
            );
        Budget.Charge(LoadBudget.Tensor + LoadBudget.Reading + LoadBudget.Hashed + TensorBytes.CostOf(wanted));
        Tensor tensor = Load(reference);
        _storages.Add(reference.Key, (reference, tensor));
        return tensor;
    }

    private Tensor Load(StorageRef reference)
    {
        Tensor? tensor = null;
        try
        {
            _source.Read(reference, bytes => tensor = TensorBytes.Read(bytes, [reference.Elements], reference.Type));
            return tensor!.DetachFromDisposeScope();
        }
        catch
        {
            tensor?.Dispose();
            throw;
        }
    }
}
