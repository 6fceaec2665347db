namespace Speedup.Abstractions;

/// <summary>What operators commonly make of a constant, for rules that ask for a function of it.</summary>
public static class ConstantFunctions
{
    /// <summary>Any constant stays what it is.</summary>
    public static double Same(double value) => value;

    /// <summary>Zero stays zero; of any other constant nothing is known.</summary>
    /// <returns>Zero, or NaN.</returns>
    public static double ZeroOnly(double value) => value == 0 ? 0 : double.NaN;

    /// <summary>Of no constant anything is known.</summary>
    /// <returns>NaN.</returns>
    public static double Varying(double value) => double.NaN;
}
