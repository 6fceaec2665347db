namespace Speedup.Core.Tracing.Flow;

/// <summary>What passes from one node of a flow to another.</summary>
internal enum FlowEdge
{
    /// <summary>A value is computed from another: it depends on what that depends on.</summary>
    Value,

    /// <summary>Two contents are of the same object: what is done to one is done to the other.</summary>
    Alias,

    /// <summary>A tensor is computed from another: of what that depends on, only chance is of interest.</summary>
    Chance,

    /// <summary>A value is written as often as a loop runs, or not at all: it depends on what the loop's condition depends on.</summary>
    Loop,
}
