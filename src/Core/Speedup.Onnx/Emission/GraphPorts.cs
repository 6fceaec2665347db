using Speedup.Core.CodeWriting.Plans;
using Speedup.Core.Graph;

namespace Speedup.Onnx.Emission;

/// <summary>Inputs and outputs of a graph, with names for the lengths that vary.</summary>
/// <param name="plan">The plan.</param>
/// <param name="passes">The passes, the example's first.</param>
/// <param name="axisNames">The name of each variation of a length.</param>
internal sealed class GraphPorts(CodePlan plan, IReadOnlyList<ModelGraph> passes, IReadOnlyDictionary<string, string> axisNames)
{
    /// <summary>The inputs.</summary>
    public IReadOnlyList<OnnxPort> Inputs => [.. plan.Inputs.Select(input => PortOf(input.Value, input.Name))];

    /// <summary>The outputs.</summary>
    public IReadOnlyList<OnnxPort> Outputs =>
        [.. plan.Outputs.Select((value, index) => PortOf(value, plan.Outputs.Count == 1 ? "output" : $"output{index + 1}"))];

    private OnnxPort PortOf(int value, string name)
    {
        GraphValue traced = passes[0].Values[value];
        return new OnnxPort(name, traced.DType, [.. traced.Shape.Select((length, axis) => AxisOf(value, name, axis, length))]);
    }

    private string AxisOf(int value, string name, int axis, long length)
    {
        long[] lengths = [.. passes.Select(pass => pass.Values[value].Shape[axis])];
        if (Array.TrueForAll(lengths, other => other == length))
            return length.ToString(null as IFormatProvider);
        return axisNames.GetValueOrDefault(InputAxes.KeyOf(lengths), $"{name}_axis{axis}");
    }
}
