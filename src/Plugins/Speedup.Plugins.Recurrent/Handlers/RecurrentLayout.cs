using Speedup.Abstractions;

namespace Speedup.Plugins.Recurrent;

/// <summary>What a recurrent module consists of: cells, each with weights of its own.</summary>
/// <param name="Gates">Number of gates: blocks of rows in each weight.</param>
/// <param name="ContentGate">
/// The gate that holds what a unit takes in. Where its rows and biases are zero, and the state starts at zero, the unit stays zero
/// whatever its other gates do.
/// </param>
/// <param name="Layers">Number of layers; 1 for a cell.</param>
/// <param name="Directions">1 or 2.</param>
/// <param name="States">Number of states: 2 for LSTM, else 1.</param>
/// <param name="IsCell">Whether the module is one step: its parameters have no layer in their names, and its state comes and goes.</param>
internal sealed record RecurrentLayout(int Gates, int ContentGate, int Layers, int Directions, int States, bool IsCell)
{
    public const string InputWeight = "weight_ih";
    public const string StateWeight = "weight_hh";
    public const string InputBias = "bias_ih";
    public const string StateBias = "bias_hh";

    /// <summary>The feature axis of the input.</summary>
    public static AxisRef Input => AxisRef.OfInput(0, -1);

    /// <summary>All cells, by layer and direction.</summary>
    public IEnumerable<(int Layer, int Direction)> Cells =>
        from layer in Enumerable.Range(0, Layers)
        from direction in Enumerable.Range(0, Directions)
        select (layer, direction);

    /// <summary>The output that holds the units of the last layer over time: <c>[..., directions * units]</c>.</summary>
    public static AxisRef Sequence => AxisRef.OfOutput(0, -1);

    /// <summary>Outputs that hold a final state: <c>[..., units]</c>.</summary>
    public IEnumerable<int> StateOutputs => Enumerable.Range(IsCell ? 0 : 1, States);

    /// <summary>The axis that stands for the units in the plan.</summary>
    public AxisRef Units => AxisRef.OfOutput(IsCell ? 0 : 1, -1);

    /// <summary>Name of a parameter of a cell.</summary>
    public string NameOf(string kind, int layer, int direction) => IsCell ? kind : $"{kind}_l{layer}{(direction == 1 ? "_reverse" : "")}";

    /// <summary>Number of hidden units.</summary>
    public int CountUnits(IOperator op) => (int)op.FindParameter(NameOf(StateWeight, 0, 0))!.Facts.Shape[1];

    /// <summary>Whether the call is one whose tensors are all known: not one on a packed sequence.</summary>
    public bool Fits(IOperator op) =>
        (op.InputCount == 1 || op.InputCount == 1 + States)
        && op.OutputCount == (IsCell ? States : 1 + States)
        && op.Input(0).Rank > 0
        && op.Input(0).Shape[^1] == op.FindParameter(NameOf(InputWeight, 0, 0))!.Facts.Shape[1];

    /// <summary>The axes of the initial state, where one is given.</summary>
    public static IEnumerable<AxisRef> InitialStates(IOperator op) =>
        Enumerable.Range(1, op.InputCount - 1).Select(position => AxisRef.OfInput(position, -1));
}
