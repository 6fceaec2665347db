using System.Text.Json;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Persistence.Masks;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>
/// Looks at the sizes with which a native module is to be made: it takes memory for all its parameters at once, and a file may ask for any sizes. Two
/// of them make the largest parameter, and the file must have as many elements for the module.
/// </summary>
internal static class NativeSize
{
    /// <summary>Checks the numbers of a call.</summary>
    /// <exception cref="SmallModelException">They ask for more than the file has values for.</exception>
    public static void Check(string path, RecipeCall call, StoredTensors tensors, string file)
    {
        if (call.Tensors.Count == 0)
            return; // it was looked at with the module that copies it
        double available = call.Tensors.Values.Sum(tensor => (double)tensors.Peek(tensor.Stored!).NumberOfElements);
        double[] largest = [.. NumbersOf(call).OrderDescending().Take(2)];
        double needed = largest.Aggregate(1.0, (product, number) => product * number);
        if (needed > available)
            throw new SmallModelException(
                SmallModelCodes.BadRecipe,
                file,
                $"its recipe for '{Quoted.Text(path)}' makes a module of {string.Join(" x ", largest)}, and there are {available} values for it. "
                    + "The model is unchanged; do not trust the file."
            );
    }

    private static IEnumerable<double> NumbersOf(RecipeCall call)
    {
        foreach (RecipeArgument argument in call.Arguments.Values)
        {
            if (argument.Value is { ValueKind: JsonValueKind.Number } number)
                yield return number.GetDouble();
            foreach (double inner in argument.Call is { } made ? NumbersOf(made) : [])
                yield return inner;
        }
    }
}
