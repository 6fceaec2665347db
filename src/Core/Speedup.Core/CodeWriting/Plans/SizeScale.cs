namespace Speedup.Core.CodeWriting.Plans;

/// <summary>How a number comes from a length: times, divided by and plus whole numbers.</summary>
/// <param name="Multiplier">What the length is multiplied with.</param>
/// <param name="Divisor">What that is divided by.</param>
/// <param name="Offset">What is added at last.</param>
internal sealed record SizeScale(long Multiplier = 1, long Divisor = 1, long Offset = 0)
{
    private const long LargestDivisor = 64;

    /// <summary>Different numbers below which a rule may fit by chance.</summary>
    private const int FewestNumbers = 3;

    /// <summary>One ratio in all passes. Two pairs of numbers have a ratio by chance only where neither is a multiple of the other.</summary>
    public static SizeScale? OfRatio(long[] numbers, long[] lengths)
    {
        if (lengths[0] == 0 || numbers[0] == 0)
            return null;
        long divisor = GreatestDivisor(Math.Abs(numbers[0]), lengths[0]);
        var scale = new SizeScale(numbers[0] / divisor, lengths[0] / divisor);
        return
            scale.Fits(numbers, lengths, (length, ratio) => length * ratio.Multiplier % ratio.Divisor == 0)
            && (scale.Multiplier == 1 || scale.Divisor == 1 || IsVaried(numbers))
            ? scale
            : null;
    }

    /// <summary>One difference in all passes.</summary>
    public static SizeScale? OfOffset(long[] numbers, long[] lengths)
    {
        var scale = new SizeScale(Offset: numbers[0] - lengths[0]);
        return IsVaried(numbers) && scale.Fits(numbers, lengths, (_, _) => true) ? scale : null;
    }

    /// <summary>A division that leaves a remainder in some pass.</summary>
    public static SizeScale? OfWholeDivision(long[] numbers, long[] lengths)
    {
        for (long divisor = 2; divisor <= LargestDivisor && IsVaried(numbers); divisor++)
        {
            var scale = new SizeScale(Divisor: divisor);
            if (scale.Fits(numbers, lengths, (_, _) => true))
                return scale;
        }
        return null;
    }

    private bool Fits(long[] numbers, long[] lengths, Func<long, SizeScale, bool> mayBe) =>
        numbers.Zip(lengths).All(pair => mayBe(pair.Second, this) && (pair.Second * Multiplier / Divisor) + Offset == pair.First);

    private static bool IsVaried(long[] numbers) => numbers.Distinct().Count() >= FewestNumbers;

    private static long GreatestDivisor(long first, long second)
    {
        while (second != 0)
            (first, second) = (second, first % second);
        return first;
    }
}
