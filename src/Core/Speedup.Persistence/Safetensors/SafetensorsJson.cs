using System.Text;
using System.Text.Json;
using Speedup.Persistence.Masks;

namespace Speedup.Persistence.Safetensors;

/// <summary>
/// Reads the JSON of a header token by token: a document of it in memory would be many times its size. Each name, size and text that is kept is
/// charged.
/// </summary>
internal ref struct SafetensorsJson(byte[] json, LoadBudget budget, FileErrors errors)
{
    public const string Advice = "The file is damaged or was not written as .safetensors.";
    private const int MostAxes = 64;
    private const int EntryBytes = 128;
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = 8 });

    /// <summary>The tensors, in the order of the header.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>The free text.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads everything.</summary>
    public void Read()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
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
        _reader.Read(); // white space may follow, and nothing else
    }

    /// <summary>The next name of the object that is being read, and on to its value; null at the end of the object.</summary>
    private string? ReadName()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
            return null;
        string name = ReadText();
        _reader.Read();
        return name;
    }

    private string ReadText()
    {
        budget.Charge(LoadBudget.Text(_reader.ValueSpan.Length));
        return _reader.GetString()!;
    }

    private void ReadMetadata()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw Bad("__metadata__ is not an object");
        while (ReadName() is { } name)
        {
            if (_reader.TokenType != JsonTokenType.String)
                throw Bad($"__metadata__ holds something other than text under '{Quoted.Text(name)}'");
            budget.Charge(2 * LoadBudget.Hashed);
            if (!Metadata.TryAdd(name, ReadText()))
                throw Bad($"'{Quoted.Text(name)}' is a duplicate name in __metadata__");
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        if (name.Length == 0 || _reader.TokenType != JsonTokenType.StartObject)
            throw Incomplete(name);
        budget.Charge(EntryBytes);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsProperty("dtype", type is null, name))
                type = ReadType(name);
            else if (IsProperty("shape", shape is null, name))
                shape = ReadNumbers(name);
            else if (IsProperty("data_offsets", offsets is null, name))
                offsets = ReadNumbers(name);
            else
                _reader.Skip();
        }
        if (type is null || shape is null || offsets is null)
            throw Incomplete(name);
        return offsets is [var begin, var end]
            ? new SafetensorsEntry(name, type, shape, begin, end)
            : throw Bad($"'{Quoted.Text(name)}' does not have two data_offsets");
    }

    /// <summary>Whether a property is the one of that name, which may be there once; if so, goes on to its value.</summary>
    private bool IsProperty(string property, bool isFirst, string name)
    {
        if (!_reader.ValueTextEquals(property))
            return false;
        if (!isFirst)
            throw Bad($"'{Quoted.Text(name)}' has a duplicate {property}");
        return _reader.Read();
    }

    private SafetensorsType ReadType(string name)
    {
        if (_reader.TokenType != JsonTokenType.String)
            throw Bad($"'{Quoted.Text(name)}' has a type that is not text");
        foreach (SafetensorsType type in SafetensorsType.All)
            if (_reader.ValueTextEquals(type.Name))
                return type;
        throw Bad($"'{Quoted.Text(name)}' has the unknown type '{Quoted.Text(ReadText())}'");
    }

    private long[] ReadNumbers(string name)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Bad($"'{Quoted.Text(name)}' has a value where an array belongs");
        Span<long> numbers = stackalloc long[MostAxes];
        int count = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number)
                throw Bad($"'{Quoted.Text(name)}' has an array of something other than numbers");
            if (!_reader.TryGetInt64(out long number) || number < 0)
                throw TooLarge(name);
            if (count == MostAxes)
                throw errors.Limit($"tensor '{Quoted.Text(name)}' has more than {MostAxes} axes");
            numbers[count++] = number;
        }
        budget.Charge(LoadBudget.ArrayOf(count));
        return numbers[..count].ToArray();
    }

    private readonly PersistenceException TooLarge(string name)
    {
        string item = Quoted.Text(Encoding.UTF8.GetString(_reader.ValueSpan[..Math.Min(_reader.ValueSpan.Length, 200)]));
        return errors.Create(
            FileCodes.BadOffsets,
            $"'{Quoted.Text(name)}' has a size or offset of '{item}', which is no whole number from 0 to 2^63-1. {Advice}"
        );
    }

    private readonly PersistenceException Incomplete(string name) =>
        Bad($"'{Quoted.Text(name)}' is not a tensor with dtype, shape and data_offsets");

    private readonly PersistenceException Bad(string found) =>
        errors.Create(FileCodes.BadHeader, $"its header cannot be used: {found}. {Advice}");
}
