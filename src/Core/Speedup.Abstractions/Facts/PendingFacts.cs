namespace Speedup.Abstractions;

/// <summary>Facts on single positions of a size-dependent axis, until they are established for all indices of a class: those a period apart.</summary>
/// <param name="length">Number of indices.</param>
/// <param name="period">Distance of the indices of a class.</param>
internal sealed class PendingFacts(int length, int period)
{
    private readonly bool[] _isConstant = new bool[length];
    private readonly bool[] _isUnused = new bool[length];
    private readonly int[] _unused = new int[period];
    private readonly int[] _constants = new int[period];
    private readonly double[] _values = new double[period];

    /// <summary>Number of facts.</summary>
    public int Count { get; private set; }

    /// <summary>Notes the constant of an index.</summary>
    /// <returns>Whether all indices of its class now have it.</returns>
    public bool AddConstant(int index, double value)
    {
        if (_isConstant[index])
            return false;
        int at = index % period;
        if (_constants[at] == 0)
            _values[at] = value;
        if (!_values[at].Equals(value))
            return false; // positions that differ: none of the class is constant
        _isConstant[index] = true;
        Count++;
        return ++_constants[at] == SizeOf(at);
    }

    /// <summary>Notes that an index is unused.</summary>
    /// <returns>Whether all indices of its class now are.</returns>
    public bool AddUnused(int index)
    {
        if (_isUnused[index])
            return false;
        _isUnused[index] = true;
        Count++;
        return ++_unused[index % period] == SizeOf(index % period);
    }

    private int SizeOf(int at) => ((length - at - 1) / period) + 1;
}
