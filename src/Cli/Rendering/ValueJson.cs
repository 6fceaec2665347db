using Speedup.Core.Graph;

namespace Speedup.Cli.Rendering;

/// <summary>One value of a graph as <c>--json</c> writes it.</summary>
internal sealed record ValueJson(int Id, IReadOnlyList<long> Shape, string DType, string? ParameterPath)
{
    /// <summary>The JSON form of a value.</summary>
    public static ValueJson Of(GraphValue value) => new(value.Id, value.Shape, value.DType.ToString(), value.ParameterPath);
}
