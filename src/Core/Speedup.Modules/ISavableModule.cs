namespace Speedup.Modules;

/// <summary>
/// A module class of a plugin's own that a handler puts in the place of another class, in a way that a saved small model can hold it: the
/// module says with which arguments a constructor makes it again. A replacement of the original's class needs none of this.
/// </summary>
/// <remarks>
/// The program that loads the file names the class in the options of the load. A file cannot make a class that nobody named, and the constructor
/// must do no more than keep its arguments: a file from a stranger may give it any.
/// </remarks>
public interface ISavableModule
{
    /// <summary>
    /// The arguments of a public constructor, each under the name of its parameter. Those that are left out have default values.
    /// </summary>
    /// <remarks>
    /// An argument is null, a truth, a number, a text, a value of an enumeration, an array of these, a tensor, a dictionary of tensors by name, or a
    /// module. Tensors and modules are those that the module holds; they stay its own, and the constructor takes the ones it is given over.
    /// </remarks>
    IReadOnlyDictionary<string, object?> Arguments { get; }
}
