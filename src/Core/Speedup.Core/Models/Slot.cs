namespace Speedup.Core.Models;

/// <summary>A place that holds a reference to a module or tensor: a field, an element of a list or array, an entry of a dictionary.</summary>
internal sealed class Slot(Place place)
{
    /// <summary>Where, for people.</summary>
    public string Place => place.Name;

    /// <summary>What it is declared to hold.</summary>
    public Type Type => place.Type;

    /// <summary>Stores another reference there, in place: order and names stay.</summary>
    public void Set(object other) => place.Set(other);
}
