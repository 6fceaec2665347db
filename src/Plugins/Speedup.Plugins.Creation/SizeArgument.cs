using System.Globalization;
using Speedup.Abstractions;

namespace Speedup.Plugins.Creation;

/// <summary>Where a call states the length of an axis: in an array of sizes, or in a parameter of its own.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Axis">The axis.</param>
internal readonly record struct SizeArgument(string Name, int Axis)
{
    /// <summary>Those of all axes; none where the call has others than expected.</summary>
    public static IReadOnlyList<SizeArgument> Of(IOperator op)
    {
        int rank = op.Output(0).Rank;
        foreach (string array in new[] { "size", "sizes" })
        {
            if (op.FindArgument(array) is IReadOnlyList<long> sizes)
                return sizes.Count == rank ? [.. Enumerable.Range(0, rank).Select(axis => new SizeArgument(array, axis))] : [];
        }
        string[] names =
        [
            .. op.Method!.GetParameters().Where(parameter => IsLength(parameter.ParameterType)).Select(parameter => parameter.Name!),
        ];
        return names.Length == rank ? [.. names.Select((name, axis) => new SizeArgument(name, axis))] : [];
    }

    /// <summary>The arguments that differ where indices are gone.</summary>
    public static IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        var changed = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (SizeArgument size in Of(replacement))
        {
            int left = replacement.Kept(AxisRef.OfOutput(0, size.Axis)).Count;
            if (left == replacement.Output(0).Shape[size.Axis])
                continue;
            if (replacement.FindArgument(size.Name) is IReadOnlyList<long> sizes)
            {
                var lengths = (long[])(changed.GetValueOrDefault(size.Name) ?? sizes.ToArray());
                lengths[size.Axis] = left;
                changed[size.Name] = lengths;
            }
            else
            {
                Type type = replacement.FindArgument(size.Name)!.GetType();
                changed[size.Name] = Convert.ChangeType(left, type, CultureInfo.InvariantCulture);
            }
        }
        return changed;
    }

    private static bool IsLength(Type type) => type == typeof(long) || type == typeof(int);
}
