using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>Reads the arguments of one call, as they were in several passes.</summary>
/// <param name="node">The call.</param>
/// <param name="sizes">Finds where numbers that differ come from.</param>
/// <param name="known">Whether code can refer to a value at that call.</param>
/// <param name="referTo">The value that stands for a value of the trace.</param>
/// <param name="inputDevice">Where the inputs of the model are.</param>
internal sealed class ArgumentReader(GraphNode node, SizeFinder sizes, Func<int, bool> known, Func<int, int> referTo, Device inputDevice)
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic;
    private readonly List<string> _reasons = [];

    /// <summary>Why arguments cannot be written; none where all can.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>Reads an argument.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="values">What it was in each pass.</param>
    public CodeValue Read(string name, object?[] values)
    {
        if (Array.TrueForAll(values, value => value is InputRef))
            return new CodeValue.Reference(referTo(node.Inputs[((InputRef)values[0]!).Position]));
        if (values[0] is Scalar)
            values = Array.ConvertAll(values, NumberOf);
        if (name == "training" && Array.TrueForAll(values, value => value is false))
            return new CodeValue.Training();
        return values[0] switch
        {
            TensorIndex => ReadIndex(name, values),
            Device device => ReadDevice(name, device),
            string or null => ReadPlain(name, values),
            ITuple first => ReadItems(name, values, first.Length, (tuple, i) => ((ITuple)tuple)[i], isTuple: true),
            IEnumerable first => ReadItems(
                name,
                values,
                first.Cast<object?>().Count(),
                (list, i) => ((IEnumerable)list).Cast<object?>().ElementAt(i),
                isTuple: false
            ),
            _ => ReadPlain(name, values),
        };
    }

    private CodeValue ReadItems(string name, object?[] values, int count, Func<object, int, object?> itemOf, bool isTuple)
    {
        if (Array.Exists(values, value => value is null || CountOf(value) != count))
            return Refuse($"'{name}' has another number of items at another size");
        return new CodeValue.Items(
            [.. Enumerable.Range(0, count).Select(i => Read(name, Array.ConvertAll(values, value => itemOf(value!, i))))],
            isTuple
        );
    }

    private static int CountOf(object value) =>
        value is ITuple tuple ? tuple.Length
        : value is IEnumerable items ? items.Cast<object?>().Count()
        : -1;

    private CodeValue ReadPlain(string name, object?[] values)
    {
        object? first = values[0];
        if (first is not (null or string or bool or Enum or sbyte or byte or short or int or long or float or double))
            return Refuse($"'{name}' is a {first!.GetType()}, which code cannot make");
        if (Array.TrueForAll(values, value => Equals(value, first)))
            return new CodeValue.Literal(first);
        if (
            first is sbyte or byte or short or int or long
            && sizes.Find(Array.ConvertAll(values, Convert.ToInt64), node, known) is { } whole
        )
            return SizeOf(whole);
        if (first is float or double && FindWhole(values) is { } numbers && sizes.Find(numbers, node, known) is { } real)
            return SizeOf(real);
        return Refuse(
            $"'{name}' depends on the size ({string.Join(", ", values.Distinct().Take(4))}), and is no length, product or quotient of lengths that the passes show"
        );
    }

    private CodeValue.Size SizeOf(SizeExpression expression) =>
        new(expression with { Factors = [.. expression.Factors.Select(factor => factor with { Value = referTo(factor.Value) })] });

    private static long[]? FindWhole(object?[] values)
    {
        double[] numbers = Array.ConvertAll(values, value => Convert.ToDouble(value, null));
        return Array.TrueForAll(numbers, double.IsInteger) ? Array.ConvertAll(numbers, number => (long)number) : null;
    }

    private CodeValue ReadDevice(string name, Device device) =>
        device.type == inputDevice.type && device.index == inputDevice.index
            ? new CodeValue.InputDevice()
            : Refuse($"'{name}' is the device {device}, and the inputs are on {inputDevice}");

    private CodeValue ReadIndex(string name, object?[] values)
    {
        string kind = Field(values[0], "kind")!.ToString()!;
        if (Array.Exists(values, value => Field(value, "kind")!.ToString() != kind))
            return Refuse($"'{name}' is an index of another kind at another size");
        return kind switch
        {
            "Single" => ReadEnd(name, values, "startIndexOrBoolOrSingle")!,
            "Bool" => new CodeValue.Literal(Field(values[0], "startIndexOrBoolOrSingle") is 1L),
            "Slice" => new CodeValue.Range(
                ReadEnd(name, values, "startIndexOrBoolOrSingle"),
                ReadEnd(name, values, "stopIndex"),
                ReadEnd(name, values, "step")
            ),
            "Ellipsis" => new CodeValue.Ellipsis(),
            "Null" or "None" => new CodeValue.NewAxis(),
            _ => Refuse($"'{name}' is an index of the kind {kind}"),
        };
    }

    private CodeValue? ReadEnd(string name, object?[] values, string field)
    {
        object?[] ends = Array.ConvertAll(values, value => Field(value, field));
        return Array.TrueForAll(ends, end => end is null) ? null : Read(name, ends);
    }

    private static object? Field(object? index, string name) => typeof(TensorIndex).GetField(name, Fields)?.GetValue(index);

    /// <summary>The number in a scalar, as a number of its type.</summary>
    private static object? NumberOf(object? value) =>
        value is not Scalar scalar
            ? value
            : scalar.Type switch
            {
                ScalarType.Bool => scalar.ToBoolean(),
                ScalarType.Float32 => scalar.ToSingle(),
                ScalarType.Float64 => scalar.ToDouble(),
                ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 => scalar.ToInt64(),
                _ => value,
            };

    private CodeValue.Literal Refuse(string reason)
    {
        _reasons.Add(reason);
        return new CodeValue.Literal(null);
    }
}
