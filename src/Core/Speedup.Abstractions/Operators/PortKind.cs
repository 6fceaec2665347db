namespace Speedup.Abstractions;

/// <summary>The three places where an operator touches a tensor.</summary>
public enum PortKind
{
    /// <summary>A tensor that the operator reads from the graph.</summary>
    Input,

    /// <summary>A tensor that the operator produces.</summary>
    Output,

    /// <summary>A parameter or buffer of the operator's module.</summary>
    Parameter,
}
