using System.Text.Json;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>
/// Reads masks that a JSON file gives as lists of channels: <c>{"conv1": [0, 3], "fc": {"axis": 1, "kept": [1, 2]}}</c>. A list names the pruned
/// output channels: rows of the weight, and their biases. An object names the axis (0 is the default) and what is pruned or what is kept.
/// </summary>
internal sealed class MaskChannels(nn.Module model, FileErrors errors)
{
    private const int LongestFile = 64 << 20;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    public List<MaskEntry> Read()
    {
        using FileStream stream = AtomicFile.OpenRead(errors.Path);
        if (stream.Length > LongestFile)
            throw errors.Limit($"the file has {stream.Length} bytes; {LongestFile} are the most that is read");
        try
        {
            using var document = JsonDocument.Parse(stream, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Wrong("the file", "an object of module paths");
            using var scope = NewDisposeScope();
            List<MaskEntry> entries =
            [
                .. document.RootElement.EnumerateObject().SelectMany(property => Entries(property.Name, property.Value)),
            ];
            scope.Detach(entries.Select(entry => entry.Mask));
            return entries;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw errors.Create(FileCodes.NotMasks, $"it is not the JSON of lists of channels ({fault.Message}).", fault);
        }
    }

    private IEnumerable<MaskEntry> Entries(string path, JsonElement value)
    {
        string what = $"'{Quoted.Text(path)}'";
        nn.Module module =
            model.named_modules().Prepend((name: "", module: model)).FirstOrDefault(entry => entry.name == path).module
            ?? throw errors.Create(FileCodes.NotMasks, $"the model has no module {what}. Module paths are those of named_modules().");
        Dictionary<string, Tensor> own = module
            .named_parameters(recurse: false)
            .ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        if (!own.TryGetValue("weight", out Tensor? weight) || weight.dim() == 0)
            throw errors.Create(FileCodes.NotMasks, $"{what} has no weight whose channels could be listed.");
        (int axis, bool[] isKept) = ReadChannels(what, value, weight.shape);
        using Tensor kept = tensor(isKept);
        long[] broadcast = [.. weight.shape.Select((size, at) => at == axis ? size : 1)];
        yield return new MaskEntry(path, "weight", kept.to(float32).reshape(broadcast).expand(weight.shape).contiguous());
        if (axis == 0 && own.TryGetValue("bias", out Tensor? bias) && bias.shape.AsSpan().SequenceEqual([weight.shape[0]]))
            yield return new MaskEntry(path, "bias", kept.to(float32));
    }

    private (int Axis, bool[] IsKept) ReadChannels(string what, JsonElement value, long[] shape)
    {
        if (value.ValueKind == JsonValueKind.Array)
            return (0, Flags(what, value, shape[0], listed: false));
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(what, "a list of channels or an object");
        int axis = 0;
        (JsonElement List, bool IsKept)? given = null;
        foreach (JsonProperty property in value.EnumerateObject())
        {
            switch (property.Name)
            {
                case "axis":
                    axis = property.Value.TryGetInt32(out int number) ? number : -1;
                    break;
                case "pruned" or "kept" when given is null:
                    given = (property.Value, property.Name == "kept");
                    break;
                default:
                    throw Wrong(what, "'axis', and one of 'pruned' and 'kept'");
            }
        }
        if (given is not { } channels || axis < 0 || axis >= shape.Length)
            throw Wrong(what, $"an axis from 0 to {shape.Length - 1}, and one of 'pruned' and 'kept'");
        return (axis, Flags(what, channels.List, shape[axis], channels.IsKept));
    }

    private bool[] Flags(string what, JsonElement list, long length, bool listed)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong(what, "a list of channels");
        var flags = new bool[length];
        Array.Fill(flags, !listed);
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (!item.TryGetInt64(out long channel) || channel < 0 || channel >= length || flags[channel] == listed)
                throw Wrong(what, $"channels from 0 to {length - 1}, each once");
            flags[channel] = listed;
        }
        return flags;
    }

    private PersistenceException Wrong(string what, string wanted) =>
        errors.Create(
            FileCodes.NotMasks,
            $"{what} must hold {wanted}, as {{\"conv1\": [0, 3], \"fc\": {{\"axis\": 1, \"kept\": [1, 2]}}}}."
        );
}
