namespace Speedup.Abstractions;

/// <summary>
/// Which entries of a parameter a mask prunes entirely, reduced to its first two axes: entry (row, column) of a weight
/// <c>[out, in, kH, kW]</c> is zero when the mask is zero over the whole kernel. A 1-D parameter has one column.
/// </summary>
public sealed class MaskPattern
{
    private readonly bool[] _nonZero;
    private readonly bool[] _rows;
    private readonly bool[] _columns;

    /// <summary>Creates a pattern from one flag per (row, column), row by row.</summary>
    /// <param name="rows">Length of axis 0.</param>
    /// <param name="columns">Length of axis 1, or 1.</param>
    /// <param name="nonZero">True where the mask keeps at least one entry.</param>
    public MaskPattern(int rows, int columns, bool[] nonZero)
    {
        ArgumentNullException.ThrowIfNull(nonZero);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonZero.Length, rows * columns, nameof(nonZero));
        Rows = rows;
        Columns = columns;
        _nonZero = nonZero;
        _rows = new bool[rows];
        _columns = new bool[columns];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<bool> entries = nonZero.AsSpan(row * columns, columns);
            _rows[row] = entries.Contains(true);
            if (_rows[row])
                MarkColumns(entries);
        }
    }

    private void MarkColumns(ReadOnlySpan<bool> entries)
    {
        if (!entries.Contains(false))
        {
            Array.Fill(_columns, true); // a row that is kept whole, the usual case
            return;
        }
        for (int column = 0; column < entries.Length; column++)
            _columns[column] |= entries[column];
    }

    /// <summary>Length of axis 0.</summary>
    public int Rows { get; }

    /// <summary>Length of axis 1, or 1.</summary>
    public int Columns { get; }

    /// <summary>Whether the mask prunes all of (row, column).</summary>
    public bool IsZero(int row, int column) => !_nonZero[(row * Columns) + column];

    /// <summary>Whether the mask prunes a whole row.</summary>
    public bool IsRowZero(int row) => !_rows[row];

    /// <summary>Whether the mask prunes a whole column.</summary>
    public bool IsColumnZero(int column) => !_columns[column];
}
