using System.Reflection;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>An argument, in no language.</summary>
internal abstract record CodeValue
{
    /// <summary>A value that is written as it is: a truth, number, text, value of an enumeration, or null.</summary>
    public sealed record Literal(object? Value) : CodeValue;

    /// <summary>A module that is made for the call that makes another one, which copies it.</summary>
    public sealed record Construction(MethodInfo Factory, IReadOnlyList<CodeArgument> Arguments) : CodeValue;

    /// <summary>A tensor of the pass, by the id of its value.</summary>
    public sealed record Reference(int Value) : CodeValue;

    /// <summary>A list, array or tuple.</summary>
    public sealed record Items(IReadOnlyList<CodeValue> Values, bool IsTuple) : CodeValue;

    /// <summary>A number that is computed from lengths.</summary>
    public sealed record Size(SizeExpression Expression) : CodeValue;

    /// <summary>A range of indices, each end of which may be left out.</summary>
    public sealed record Range(CodeValue? Start, CodeValue? Stop, CodeValue? Step) : CodeValue;

    /// <summary>All axes that are not named (<c>...</c>).</summary>
    public sealed record Ellipsis : CodeValue;

    /// <summary>A new axis of length one, among indices.</summary>
    public sealed record NewAxis : CodeValue;

    /// <summary>The device of the model's input.</summary>
    public sealed record InputDevice : CodeValue;

    /// <summary>Whether the network is being trained.</summary>
    public sealed record Training : CodeValue;

    /// <summary>The ids of the values that it is computed from.</summary>
    public IEnumerable<int> Reads =>
        this switch
        {
            Reference reference => [reference.Value],
            Items items => items.Values.SelectMany(item => item.Reads),
            Size size => size.Expression.Factors.Select(factor => factor.Value),
            Range range => new[] { range.Start, range.Stop, range.Step }.OfType<CodeValue>().SelectMany(end => end.Reads),
            _ => [],
        };
}
