namespace SmallModels.Tests;

/// <summary>Changes files as damage and forgers do.</summary>
internal static class Mutation
{
    /// <summary>A changed copy.</summary>
    public static byte[] Apply(byte[] file, Random random)
    {
        int header = (int)Math.Min(BitConverter.ToInt64(file, 0) + 8, file.Length);
        return random.Next(8) switch
        {
            0 => file[..random.Next(file.Length)],
            1 => [.. file, .. RandomBytes(random, 1 + random.Next(40))],
            2 => Cut(file, random.Next(file.Length), 1 + random.Next(20)),
            3 => Insert(file, random.Next(file.Length), RandomBytes(random, 1 + random.Next(20))),
            4 => ChangeDigit(file, header, random),
            5 => SwapTexts(file, header, random),
            6 => FlipBits(file, random.Next(header), random),
            _ => FlipBits(file, random.Next(file.Length), random),
        };
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Cut(byte[] file, int at, int count) => [.. file[..at], .. file[Math.Min(file.Length, at + count)..]];

    private static byte[] Insert(byte[] file, int at, byte[] bytes) => [.. file[..at], .. bytes, .. file[at..]];

    private static byte[] FlipBits(byte[] file, int at, Random random)
    {
        byte[] copy = [.. file];
        for (int i = 0; i <= random.Next(3); i++)
            copy[Math.Min(file.Length - 1, at + random.Next(8))] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    /// <summary>Another digit in the header: another length, offset, version or setting in whole JSON.</summary>
    private static byte[] ChangeDigit(byte[] file, int header, Random random)
    {
        byte[] copy = [.. file];
        int at = Array.FindIndex(copy, 8 + random.Next(header - 8), value => value is >= (byte)'0' and <= (byte)'9');
        if (at >= 0 && at < header)
            copy[at] = (byte)('0' + random.Next(10));
        return copy;
    }

    /// <summary>Two pieces of the header of one length change places: whole JSON for the most part, with other names.</summary>
    private static byte[] SwapTexts(byte[] file, int header, Random random)
    {
        byte[] copy = [.. file];
        int length = 1 + random.Next(6);
        int first = 8 + random.Next(header - 8 - length);
        int second = 8 + random.Next(header - 8 - length);
        Array.Copy(file, first, copy, second, length);
        Array.Copy(file, second, copy, first, length);
        return copy;
    }
}
