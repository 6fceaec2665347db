using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>Asks for arguments of a call.</summary>
public static class OnnxArguments
{
    /// <summary>A tensor.</summary>
    /// <param name="call">The call.</param>
    /// <param name="names">Names of its parameter in the overloads; the first that the call has counts.</param>
    public static OnnxValue Tensor(this IOnnxCall call, params ReadOnlySpan<string> names) =>
        call.FindTensor(names) ?? throw call.Refuse($"has no tensor '{names[0]}'");

    /// <summary>A tensor; null where the call was given none.</summary>
    public static OnnxValue? FindTensor(this IOnnxCall call, params ReadOnlySpan<string> names) => Find(call, names) as OnnxValue;

    /// <summary>A fixed whole number; null where the call was given none.</summary>
    /// <exception cref="OnnxRefusalException">It follows the size of the input.</exception>
    public static long? FindFixed(this IOnnxCall call, params ReadOnlySpan<string> names) =>
        call.FindNumber(names) is not { } number ? null
        : number.IsFixed ? number.Value
        : throw call.Refuse($"is given a '{names[0]}' that follows the size of the input, which ONNX takes as a fixed number only");

    /// <summary>A fixed whole number.</summary>
    public static long Fixed(this IOnnxCall call, params ReadOnlySpan<string> names) =>
        call.FindFixed(names) ?? throw call.Refuse($"has no number '{names[0]}'");

    /// <summary>A whole number; null where the call was given none.</summary>
    public static OnnxNumber? FindNumber(this IOnnxCall call, params ReadOnlySpan<string> names) => NumberOf(Find(call, names));

    /// <summary>A whole number.</summary>
    public static OnnxNumber Number(this IOnnxCall call, params ReadOnlySpan<string> names) =>
        call.FindNumber(names) ?? throw call.Refuse($"has no number '{names[0]}'");

    /// <summary>Whole numbers, one or several; null where the call was given none.</summary>
    public static IReadOnlyList<OnnxNumber>? FindNumbers(this IOnnxCall call, params ReadOnlySpan<string> names)
    {
        object? argument = Find(call, names);
        if (NumberOf(argument) is { } one)
            return [one];
        return argument is IReadOnlyList<object?> items && items.All(item => NumberOf(item) is not null)
            ? [.. items.Select(item => NumberOf(item)!)]
            : null;
    }

    /// <summary>Whole numbers, one or several.</summary>
    public static IReadOnlyList<OnnxNumber> Numbers(this IOnnxCall call, params ReadOnlySpan<string> names) =>
        call.FindNumbers(names) ?? throw call.Refuse($"has no numbers '{names[0]}'");

    /// <summary>Fixed whole numbers, one or several; null where the call was given none.</summary>
    public static long[]? FindFixedList(this IOnnxCall call, params ReadOnlySpan<string> names)
    {
        if (call.FindNumbers(names) is not { } numbers)
            return null;
        return numbers.All(number => number.IsFixed)
            ? [.. numbers.Select(number => number.Value)]
            : throw call.Refuse($"is given '{names[0]}' that follows the size of the input, which ONNX takes as fixed numbers only");
    }

    /// <summary>A real number; null where the call was given none.</summary>
    public static double? FindReal(this IOnnxCall call, params ReadOnlySpan<string> names) =>
        Find(call, names) switch
        {
            OnnxNumber { IsFixed: true } number => number.Value,
            OnnxNumber => throw call.Refuse(
                $"is given a '{names[0]}' that follows the size of the input, which ONNX takes as a fixed number only"
            ),
            bool truth => truth ? 1 : 0,
            IConvertible number and not string and not Enum => Convert.ToDouble(number, null),
            _ => null,
        };

    /// <summary>A truth.</summary>
    /// <param name="call">The call.</param>
    /// <param name="name">The name of its parameter.</param>
    /// <param name="otherwise">What holds where the call has no such parameter.</param>
    public static bool Truth(this IOnnxCall call, string name, bool otherwise = false)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.FindArgument(name) is bool truth ? truth : otherwise;
    }

    /// <summary>An element type; null where the call was given none.</summary>
    public static ScalarType? FindType(this IOnnxCall call, params ReadOnlySpan<string> names) => Find(call, names) as ScalarType?;

    /// <summary>The tensors in a list, or the tensor itself.</summary>
    public static IReadOnlyList<OnnxValue> TensorList(this IOnnxCall call, params ReadOnlySpan<string> names) =>
        Find(call, names) switch
        {
            OnnxValue one => [one],
            IReadOnlyList<object?> items => [.. items.OfType<OnnxValue>()],
            _ => throw call.Refuse($"has no tensors '{names[0]}'"),
        };

    private static object? Find(IOnnxCall call, ReadOnlySpan<string> names)
    {
        ArgumentNullException.ThrowIfNull(call);
        foreach (string name in names)
        {
            if (call.FindArgument(name) is { } argument)
                return argument;
        }
        return null;
    }

    private static OnnxNumber? NumberOf(object? argument) =>
        argument switch
        {
            OnnxNumber number => number,
            long or int or short or sbyte or byte => new OnnxNumber(Convert.ToInt64(argument, null)),
            double or float when double.IsInteger(Convert.ToDouble(argument, null)) => new OnnxNumber(Convert.ToInt64(argument, null)),
            _ => null,
        };
}
