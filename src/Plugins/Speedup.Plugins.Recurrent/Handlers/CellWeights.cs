using Speedup.Abstractions;

namespace Speedup.Plugins.Recurrent;

/// <summary>Which unit of a cell reads what, as far as the masks tell.</summary>
internal sealed class CellWeights
{
    private readonly RecurrentLayout _layout;
    private readonly MaskPattern? _input;
    private readonly MaskPattern? _state;
    private readonly double[]? _inputBias;
    private readonly double[]? _stateBias;
    private readonly int _units;

    public CellWeights(IOperator op, RecurrentLayout layout, int layer, int direction)
    {
        _layout = layout;
        _units = layout.CountUnits(op);
        _input = op.FindParameter(layout.NameOf(RecurrentLayout.InputWeight, layer, direction))!.Pattern;
        _state = op.FindParameter(layout.NameOf(RecurrentLayout.StateWeight, layer, direction))!.Pattern;
        _inputBias = op.FindParameter(layout.NameOf(RecurrentLayout.InputBias, layer, direction))?.MaskedEntries();
        _stateBias = op.FindParameter(layout.NameOf(RecurrentLayout.StateBias, layer, direction))?.MaskedEntries();
    }

    /// <summary>Whether any gate of a unit reads an input.</summary>
    public bool ReadsInput(int unit, int input) => _input is null || AnyGate(gate => !_input.IsZero(RowOf(gate, unit), input));

    /// <summary>Whether any gate of a unit reads the state of another one.</summary>
    public bool ReadsState(int unit, int other) => _state is null || AnyGate(gate => !_state.IsZero(RowOf(gate, unit), other));

    /// <summary>Whether what a unit takes in has no biases.</summary>
    public bool HasNoContentBias(int unit) => IsZero(_inputBias, unit) && IsZero(_stateBias, unit);

    /// <summary>Whether what a unit takes in depends on an input.</summary>
    public bool TakesInput(int unit, int input) => _input?.IsZero(RowOf(_layout.ContentGate, unit), input) != true;

    /// <summary>Whether what a unit takes in depends on the state of another one.</summary>
    public bool TakesState(int unit, int other) => _state?.IsZero(RowOf(_layout.ContentGate, unit), other) != true;

    private int RowOf(int gate, int unit) => (gate * _units) + unit;

    private bool IsZero(double[]? bias, int unit) => bias is null || bias[RowOf(_layout.ContentGate, unit)] == 0;

    private bool AnyGate(Func<int, bool> condition) => Enumerable.Range(0, _layout.Gates).Any(condition);
}
