namespace Speedup.Core.Models;

/// <summary>Where a walk through objects stands: something that can be read, and stored anew.</summary>
/// <param name="Name">Where, for people.</param>
/// <param name="Type">What it is declared to hold.</param>
/// <param name="Get">Reads what is there now; a structure as a copy.</param>
/// <param name="Set">Stores something else there, in place.</param>
internal sealed record Place(string Name, Type Type, Func<object?> Get, Action<object> Set)
{
    /// <summary>As a place that refers to a module or tensor.</summary>
    public Slot ToSlot() => new(Name, Type, Set);
}
