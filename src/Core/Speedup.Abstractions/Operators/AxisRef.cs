namespace Speedup.Abstractions;

/// <summary>Names one axis of one input, output or parameter of an operator.</summary>
/// <param name="Kind">Where the tensor is.</param>
/// <param name="Position">Position among the inputs or outputs; 0 for a parameter.</param>
/// <param name="Parameter">Name of the parameter, or null.</param>
/// <param name="Axis">Axis from the front, or from the back if negative.</param>
public readonly record struct AxisRef(PortKind Kind, int Position, string? Parameter, int Axis)
{
    /// <summary>An axis of an input.</summary>
    public static AxisRef OfInput(int position, int axis) => new(PortKind.Input, position, null, axis);

    /// <summary>An axis of an output.</summary>
    public static AxisRef OfOutput(int position, int axis) => new(PortKind.Output, position, null, axis);

    /// <summary>The axis in words, such as <c>axis 1 of input 0</c>.</summary>
    public string Describe() =>
        Kind == PortKind.Parameter ? $"axis {Axis} of '{Parameter}'" : $"axis {Axis} of {Kind.ToString().ToLowerInvariant()} {Position}";

    /// <summary>An axis of a parameter or buffer.</summary>
    public static AxisRef OfParameter(string name, int axis) => new(PortKind.Parameter, 0, name, axis);
}
