using Speedup.Core.CodeWriting.Plans;
using Speedup.Onnx.Abstractions;
using Speedup.Onnx.Graphs;

namespace Speedup.Onnx.Emission;

/// <summary>Arguments of a plan as operators see them.</summary>
/// <param name="graph">Takes the arithmetic of sizes.</param>
/// <param name="valueOf">The tensor of a value.</param>
internal sealed class CallArguments(GraphBuilder graph, Func<int, OnnxValue> valueOf)
{
    /// <summary>An argument.</summary>
    public object? Read(CodeValue value) =>
        value switch
        {
            CodeValue.Literal literal => literal.Value,
            CodeValue.Reference reference => valueOf(reference.Value),
            CodeValue.Items items => items.Values.Select(Read).ToArray(),
            CodeValue.Size size => NumberOf(size.Expression),
            CodeValue.Range range => new OnnxRange(EndOf(range.Start), EndOf(range.Stop), EndOf(range.Step)),
            CodeValue.Ellipsis => OnnxIndex.Ellipsis,
            CodeValue.NewAxis => OnnxIndex.NewAxis,
            CodeValue.Training => false,
            _ => null, // the device of the inputs
        };

    private OnnxNumber? EndOf(CodeValue? end) =>
        end is null ? null
        : Read(end) is var number && number is OnnxNumber computed ? computed
        : new OnnxNumber(Convert.ToInt64(number, null));

    private OnnxNumber NumberOf(SizeExpression expression)
    {
        OnnxNumber product = expression
            .Factors.Select(factor => graph.Length(valueOf(factor.Value), factor.Axis))
            .Aggregate((OnnxNumber)expression.Multiplier, graph.Product);
        if (expression.Divisor != 1)
            product = graph.Quotient(product, expression.Divisor);
        return expression.Offset == 0 ? product : graph.Sum(product, expression.Offset);
    }
}
