namespace Speedup.Abstractions;

/// <summary>What a mask does to one row of a parameter: most prune rows, and then no entry needs to be looked at.</summary>
internal enum RowMask
{
    /// <summary>Prunes some entries, or is not known to do one of the others.</summary>
    Partial,

    /// <summary>Prunes them all.</summary>
    Zero,

    /// <summary>Keeps them all.</summary>
    Whole,
}
