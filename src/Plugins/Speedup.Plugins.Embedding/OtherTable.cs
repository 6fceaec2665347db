using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>
/// Lets an embedding look up in another table, to find out what it does. Its own weight is put back as it was, and is never written; the
/// options that TorchSharp does not show leave no other way than to ask the module itself.
/// </summary>
internal static class OtherTable
{
    /// <summary>
    /// The parameter that the module registers. Its property <c>weight</c> makes another object on every reading, one that the dispose scope
    /// around it would dispose after it was put back.
    /// </summary>
    public static Parameter WeightOf(nn.Module module) => module.named_parameters(recurse: false).Single().parameter; // an embedding has no other

    /// <summary>Asks a question.</summary>
    /// <param name="weight">The module's own weight.</param>
    /// <param name="table">The other table; it is disposed.</param>
    /// <param name="use">Sets the module's weight.</param>
    /// <param name="ask">Asks, while the other table is in place.</param>
    public static T Use<T>(Parameter weight, Parameter table, Action<Parameter> use, Func<T> ask)
    {
        try
        {
            use(table);
            return ask();
        }
        finally
        {
            use(weight);
            table.Dispose();
        }
    }
}
