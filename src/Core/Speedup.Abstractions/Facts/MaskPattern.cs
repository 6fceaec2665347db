namespace Speedup.Abstractions;

/// <summary>
/// Which entries of a parameter a mask prunes entirely, reduced to its first two axes: entry (row, column) of a weight
/// <c>[out, in, kH, kW]</c> is zero when the mask is zero over the whole kernel. A 1-D parameter has one column.
/// </summary>
public sealed class MaskPattern
{
    private readonly RowMask[] _rows;
    private readonly bool[]? _nonZero;
    private readonly bool[] _columns;

    /// <summary>Creates a pattern from one flag per (row, column), row by row.</summary>
    /// <param name="rows">Length of axis 0.</param>
    /// <param name="columns">Length of axis 1, or 1.</param>
    /// <param name="nonZero">True where the mask keeps at least one entry.</param>
    public MaskPattern(int rows, int columns, bool[] nonZero)
        : this(columns, ReadRows(rows, columns, nonZero), nonZero) { }

    /// <summary>Creates a pattern from what is known of whole rows.</summary>
    /// <param name="columns">Length of axis 1, or 1.</param>
    /// <param name="rows">What is known of each row.</param>
    /// <param name="nonZero">True where the mask keeps at least one entry of (row, column); looked at in partial rows only.</param>
    internal MaskPattern(int columns, RowMask[] rows, bool[]? nonZero)
    {
        Columns = columns;
        _rows = rows;
        _nonZero = nonZero;
        _columns = new bool[columns];
        if (rows.Contains(RowMask.Whole))
            Array.Fill(_columns, true);
        else
            MarkColumns();
    }

    /// <summary>Length of axis 0.</summary>
    public int Rows => _rows.Length;

    /// <summary>Length of axis 1, or 1.</summary>
    public int Columns { get; }

    /// <summary>Whether the mask prunes all of (row, column).</summary>
    public bool IsZero(int row, int column) =>
        _rows[row] switch
        {
            RowMask.Zero => true,
            RowMask.Whole => false,
            _ => !_nonZero![(row * Columns) + column],
        };

    /// <summary>Whether the mask prunes a whole row.</summary>
    public bool IsRowZero(int row) => _rows[row] == RowMask.Zero;

    /// <summary>Whether the mask prunes a whole column.</summary>
    public bool IsColumnZero(int column) => !_columns[column];

    /// <summary>What is known of a row.</summary>
    internal RowMask KindOf(int row) => _rows[row];

    private static RowMask[] ReadRows(int rows, int columns, bool[] nonZero)
    {
        ArgumentNullException.ThrowIfNull(nonZero);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonZero.Length, rows * columns, nameof(nonZero));
        return
        [
            .. Enumerable
                .Range(0, rows)
                .Select(row => nonZero.AsSpan(row * columns, columns).Contains(true) ? RowMask.Partial : RowMask.Zero),
        ];
    }

    private void MarkColumns()
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns && _rows[row] == RowMask.Partial; column++)
                _columns[column] |= _nonZero![(row * Columns) + column];
        }
    }
}
