using Speedup.Core.Masks;
using Speedup.Core.Persistence.Pickling;

namespace Speedup.Core.Persistence.Pth;

/// <summary>Reads a .pth file that holds a state dict: tensors by name.</summary>
internal static class PthStateDict
{
    public static StateDict Read(string path, FileLimits? limits = null)
    {
        using PthDocument document = PthDocument.Open(path, limits);
        if (document.Root is not PickleDict dict)
            throw document.Errors.Create(FileCodes.NotAStateDict, $"it holds {Word(document.Root)}, not a dict. {Advice}");
        dict.CheckKeys(document.Budget, document.Errors);
        foreach ((object key, object? value) in dict.Items)
            Check(key, value, document.Errors);
        var result = new StateDict();
        try
        {
            foreach ((object key, object? value) in dict.Items)
            {
                document.Budget.Charge(LoadBudget.Hashed + (2L * ((string)key).Length));
                result.Add((string)key, document.Tensor((TensorRef)value!));
            }
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private const string Advice = "A state dict is wanted: torch.save(model.state_dict(), path).";

    private static void Check(object key, object? value, FileErrors errors)
    {
        if (key is not string { Length: > 0 })
            throw errors.Create(FileCodes.NotAStateDict, $"it has the key '{key}', which is no name of a tensor. {Advice}");
        if (value is TensorRef)
            return;
        string hint =
            value is PickleDict ? $"In Python, save that part alone: torch.save(value['{Quoted.Text((string)key)}'], path). " : "";
        throw errors.Create(
            FileCodes.NotAStateDict,
            $"under '{Quoted.Text((string)key)}' it holds {Word(value)}, not a tensor. {hint}{Advice}"
        );
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
}
