using Speedup.Persistence.Masks;
using Speedup.Persistence.Pickling;

namespace Speedup.Persistence.Pth;

/// <summary>Reads a .pth file that holds a state dict, or a checkpoint with one in it: tensors by name.</summary>
internal static class PthStateDict
{
    private const string Advice = "A state dict is wanted: torch.save(model.state_dict(), path).";

    public static StateDict Read(string path, TensorFileOptions? options = null, FileLimits? limits = null)
    {
        using PthDocument document = PthDocument.Open(path, limits);
        (string Name, TensorRef Tensor)[] found = [.. Find(document, options ?? new TensorFileOptions())];
        var result = new StateDict();
        try
        {
            foreach ((string name, TensorRef tensor) in found)
            {
                document.Budget.Charge(LoadBudget.Hashed + (2L * name.Length));
                result.Add(name, document.Tensor(tensor));
            }
            return PrunedPairs.Multiply(result, document.Budget, document.Errors);
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The tensors of the part that is asked for, under the names that are; all of it is checked when the last one is taken.</summary>
    public static IEnumerable<(string Name, TensorRef Tensor)> Find(PthDocument document, TensorFileOptions options)
    {
        var names = new TensorNames(options, document.Budget, document.Errors);
        foreach ((object key, object? value) in FindPart(document, options.Key).Items)
        {
            if (key is not string { Length: > 0 } text)
                throw document.Errors.Create(FileCodes.NotAStateDict, $"it has the key '{key}', which is no name of a tensor. {Advice}");
            if (names.Find(text) is { } name)
                yield return (name, Demand(text, value, document.Errors));
        }
    }

    /// <summary>The dict under a key, or under several that lead to it.</summary>
    public static PickleDict FindPart(PthDocument document, string? key)
    {
        PickleDict dict =
            document.Root as PickleDict
            ?? throw document.Errors.Create(FileCodes.NotAStateDict, $"it holds {Word(document.Root)}, not a dict. {Advice}");
        dict.CheckKeys(document.Budget, document.Errors);
        foreach (string part in key?.Split('/') ?? [])
        {
            object? value = dict.Items.FirstOrDefault(entry => entry.Key is string text && text == part).Value;
            dict =
                value as PickleDict
                ?? throw document.Errors.Create(
                    FileCodes.NotAStateDict,
                    $"there is no dict under the key '{Quoted.Text(part)}'; there are {Keys(dict)}. Give one of those that hold a dict."
                );
            dict.CheckKeys(document.Budget, document.Errors);
        }
        return dict;
    }

    /// <summary>A pickled value in the words of its Python user.</summary>
    public static string Word(object? value) =>
        value switch
        {
            null => "None",
            TensorRef => "a tensor",
            PickleDict => "a dict",
            PickleList => "a list",
            PickleTuple => "a tuple",
            string => "a text",
            bool or long or double => $"the value {value}",
            _ => "something else",
        };

    private static string Keys(PickleDict dict)
    {
        const int Most = 8;
        IEnumerable<string> some = dict.Items.Take(Most).Select(entry => $"'{Quoted.Text($"{entry.Key}")}' ({Word(entry.Value)})");
        return dict.Items.Count == 0 ? "no keys" : string.Join(", ", some) + (dict.Items.Count > Most ? " and others" : "");
    }

    private static TensorRef Demand(string key, object? value, FileErrors errors)
    {
        if (value is TensorRef tensor)
            return tensor;
        string hint =
            value is PickleDict
                ? $"If it is the state dict, ask for it: TensorFileOptions.Key = \"{Quoted.Text(key)}\". "
                : "TensorFileOptions.Ignore leaves names out. ";
        throw errors.Create(FileCodes.NotAStateDict, $"under '{Quoted.Text(key)}' it holds {Word(value)}, not a tensor. {hint}{Advice}");
    }
}
