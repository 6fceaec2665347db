using System.Text;
using System.Text.Json;
using Speedup.Core.Masks;

namespace Speedup.Core.Persistence.Safetensors;

/// <summary>
/// Reads the JSON of a header token by token: a document of it in memory would be many times its size. Each name, size and text that is kept is
/// charged.
/// </summary>
internal ref struct SafetensorsJson(byte[] json, LoadBudget budget, FileErrors errors)
{
    public const string Advice = "The file is damaged or was not written as .safetensors.";
    private const int MostAxes = 64;
    private const int EntryBytes = 128;
    private Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 8 });

    /// <summary>The tensors, in the order of the header.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>The free text.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads everything.</summary>
    public void Read()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad("it is not a JSON object");
        while (ReadName() is { } name)
        {
            budget.Charge(LoadBudget.Hashed);
            if (!names.Add(name))
                throw Bad($"'{Quoted.Text(name)}' is a duplicate name");
            if (name == "__metadata__")
                ReadMetadata();
            else
                Entries.Add(ReadEntry(name));
        }
        reader.Read(); // white space may follow, and nothing else
    }

    /// <summary>The next name of the object that is being read, and on to its value; null at the end of the object.</summary>
    private string? ReadName()
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            return null;
        string name = ReadText();
        reader.Read();
        return name;
    }

    private string ReadText()
    {
        budget.Charge(LoadBudget.Text(reader.ValueSpan.Length));
        return reader.GetString()!;
    }

    private void ReadMetadata()
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad("__metadata__ is not an object");
        while (ReadName() is { } name)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw Bad($"__metadata__ holds something other than text under '{Quoted.Text(name)}'");
            budget.Charge(2 * LoadBudget.Hashed);
            if (!Metadata.TryAdd(name, ReadText()))
                throw Bad($"'{Quoted.Text(name)}' is a duplicate name in __metadata__");
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        string quoted = Quoted.Text(name);
        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        if (name.Length == 0 || reader.TokenType != JsonTokenType.StartObject)
            throw Incomplete(quoted);
        budget.Charge(EntryBytes);
        while (ReadName() is { } property)
        {
            if (property is "dtype" && type is null)
                type = ReadType(quoted);
            else if (property is "shape" && shape is null)
                shape = ReadNumbers(quoted);
            else if (property is "data_offsets" && offsets is null)
                offsets = ReadNumbers(quoted);
            else if (property is "dtype" or "shape" or "data_offsets")
                throw Bad($"'{quoted}' has a duplicate {property}");
            else
                reader.Skip();
        }
        if (type is null || shape is null || offsets is null)
            throw Incomplete(quoted);
        return offsets is [var begin, var end]
            ? new SafetensorsEntry(name, type, shape, begin, end)
            : throw Bad($"'{quoted}' does not have two data_offsets");
    }

    private SafetensorsType ReadType(string quoted)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw Bad($"'{quoted}' has a type that is not text");
        string type = ReadText();
        return SafetensorsType.Of(type) ?? throw Bad($"'{quoted}' has the unknown type '{Quoted.Text(type)}'");
    }

    private long[] ReadNumbers(string quoted)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Bad($"'{quoted}' has a value where an array belongs");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number)
                throw Bad($"'{quoted}' has an array of something other than numbers");
            if (!reader.TryGetInt64(out long number) || number < 0)
                throw TooLarge(quoted);
            if (numbers.Count == MostAxes)
                throw errors.Limit($"tensor '{quoted}' has more than {MostAxes} axes");
            numbers.Add(number);
        }
        budget.Charge(LoadBudget.ArrayOf(numbers.Count) + ((long)LoadBudget.Slot * numbers.Count) + LoadBudget.FirstSlots);
        return [.. numbers];
    }

    private readonly PersistenceException TooLarge(string quoted)
    {
        string item = Quoted.Text(Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 200)]));
        return errors.Create(
            FileCodes.BadOffsets,
            $"'{quoted}' has a size or offset of '{item}', which is no whole number from 0 to 2^63-1. {Advice}"
        );
    }

    private readonly PersistenceException Incomplete(string quoted) =>
        Bad($"'{quoted}' is not a tensor with dtype, shape and data_offsets");

    private readonly PersistenceException Bad(string found) =>
        errors.Create(FileCodes.BadHeader, $"its header cannot be used: {found}. {Advice}");
}
