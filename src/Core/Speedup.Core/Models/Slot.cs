namespace Speedup.Core.Models;

/// <summary>A place that holds a reference to a module or tensor: a field, an element of a list or array, an entry of a dictionary.</summary>
/// <param name="Place">Where, for people.</param>
/// <param name="Type">What it is declared to hold.</param>
/// <param name="Set">Stores another reference there, in place: order and names stay.</param>
internal sealed record Slot(string Place, Type Type, Action<object> Set);
