using System.Globalization;

namespace Core.Tests.Tracing;

/// <summary>Methods of all shapes of control flow, which tell by a text what path they took.</summary>
internal static class LayoutSamples
{
    public static string Switch(int x)
    {
        switch (x)
        {
            case 0:
                return "zero";
            case 1:
            case 2:
                return "few";
            case 3:
                x *= 7;
                goto default;
            case 5:
                goto case 1;
            default:
                return $"many {x}";
        }
    }

    public static string SwitchInLoop(int x)
    {
        string text = "";
        for (int i = 0; i < x; i++)
        {
            switch (i % 5)
            {
                case 0:
                    continue;
                case 1:
                    text += "a";
                    break;
                case 2:
                    text += "b";
                    break;
                case 3:
                    if (i > 9)
                        return text + "!";
                    break;
            }
            text += ".";
        }
        return text;
    }

    public static string Texts(int x) =>
        (x % 4) switch
        {
            0 => "red",
            1 when x > 4 => "large",
            1 => "small",
            -1 or -2 => "negative",
            _ => "other",
        } switch
        {
            "red" => "R",
            "large" => "L",
            "small" => "S",
            "negative" => "N",
            var other => other,
        };

    public static string TryFinally(int x)
    {
        var text = new System.Text.StringBuilder();
        try
        {
            try
            {
                text.Append('a');
                if (x > 3)
                    throw new InvalidOperationException("three");
                if (x < 0)
                    return text.Append('-').ToString();
                text.Append(100 / x);
            }
            finally
            {
                text.Append('f');
                if (x == 2)
                    text.Append('2');
            }
        }
        catch (DivideByZeroException)
        {
            text.Append('d');
        }
        catch (InvalidOperationException problem) when (problem.Message.Length == x)
        {
            text.Append('w');
        }
        catch (InvalidOperationException problem)
        {
            text.Append(problem.Message);
            if (x == 7)
                throw;
        }
        return text.ToString();
    }

    public static string NestedLoopsInTry(int x)
    {
        int sum = 0;
        for (int i = 0; i < x; i++)
        {
            try
            {
                for (int j = 0; ; j++)
                {
                    if (j == i)
                        break;
                    if (j == 6)
                        throw new ArgumentException("six");
                    sum += j;
                }
            }
            catch (ArgumentException)
            {
                sum += 1000;
                continue;
            }
            finally
            {
                sum++;
            }
            sum += 10;
        }
        return sum.ToString(CultureInfo.InvariantCulture);
    }

    public static string Comparisons(int x)
    {
        double d = x == 4 ? double.NaN : x / 2.0;
        ulong u = unchecked((ulong)(long)x);
        return $"{d < 1}{!(d < 1)}{d >= 1}{!(d > 1)}{(d <= 1 ? 'a' : 'b')}{(u > 5 ? 'c' : 'd')}{(x >= 3 && d > 0 || x == -1 ? 'e' : 'f')}";
    }

    public static string Generic(int x) =>
        Largest(new[] { x, 3, -x }) + Largest(["b", x > 2 ? "z" : "a"]) + Describe<long?>(x > 0 ? x : null);

    public static string Nullables(int x)
    {
        int? maybe = x % 2 == 0 ? x : null;
        string? text = maybe is > 4 ? "large" : null;
        return (text ?? maybe?.ToString(CultureInfo.InvariantCulture) ?? "none") + (maybe ?? -1);
    }

    public static string Iterated(int x) => string.Join(",", Steps(x).Where(step => step != 3).Select(step => step * x).Take(6));

    public static string References(int x)
    {
        int a = x;
        int b = 1;
        Swap(ref a, ref b, out bool swapped);
        Span<int> span = [a, b, 3];
        foreach (ref int item in span)
            item += x;
        return $"{a} {b} {swapped} {span[0] + span[2]}";
    }

    public static string Recursion(int x) =>
        x <= 0 ? "."
        : x % 2 == 0 ? "(" + Recursion(x - 1) + ")"
        : "[" + Recursion(x - 2) + "]";

    public static string ConditionInExpression(int x) =>
        string.Concat(
            x > 1 ? "a"
                : x > 0 ? "b"
                : "c",
            Text(
                x,
                x < 3 ? x
                    : x < 5 ? 2 * x
                    : 3 * x
            ),
            x is 1 or 4 ? "!" : "?"
        );

    public static string Using(int x)
    {
        using var first = new StringWriter(CultureInfo.InvariantCulture);
        using (var second = new StringWriter(CultureInfo.InvariantCulture))
        {
            second.Write(x);
            lock (second)
                first.Write(second.ToString() + (x > 2 ? "+" : "-"));
        }
        return first.ToString();
    }

    public static string Checked(int x)
    {
        try
        {
            return checked((byte)(x * 30)).ToString(CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return "overflow";
        }
    }

    private static IEnumerable<int> Steps(int x)
    {
        try
        {
            for (int i = 0; i < x; i++)
            {
                if (i == 8)
                    yield break;
                yield return i;
            }
            yield return 99;
        }
        finally
        {
            _ = x;
        }
    }

    private static void Swap(ref int a, ref int b, out bool swapped)
    {
        swapped = a > b;
        if (swapped)
            (a, b) = (b, a);
    }

    private static string Text(int x, int y) => $"{x}:{y}";

    private static string Describe<T>(T value) => value is null ? "null" : value.ToString()!;

    private static T Largest<T>(IEnumerable<T> items)
        where T : IComparable<T>
    {
        T? best = default;
        bool any = false;
        foreach (T item in items)
        {
            if (!any || item.CompareTo(best) > 0)
                best = item;
            any = true;
        }
        return best!;
    }
}
