namespace Speedup.Core.Probing;

/// <summary>
/// What the numbers are like that a function is run on. What a function does to numbers around one says nothing of what it does to those of
/// an image: a largest norm is exceeded or not, the larger one of two numbers is a constant or not.
/// </summary>
internal enum ProbeRange
{
    /// <summary>Standard normal.</summary>
    Normal,

    /// <summary>Normal, of a thousandth.</summary>
    Small,

    /// <summary>Normal, of a thousand.</summary>
    Large,

    /// <summary>From 0 to 255.</summary>
    Image,

    /// <summary>Normal, all of them below zero.</summary>
    Negative,

    /// <summary>Normal, with zeros in place of what is below zero, as after a ReLU.</summary>
    Rectified,

    /// <summary>Large for the first input and every other one, small for the rest.</summary>
    LargeFirst,

    /// <summary>Small for the first input and every other one, large for the rest.</summary>
    SmallFirst,

    /// <summary>All zero.</summary>
    Zero,
}
