using Speedup.Abstractions;

namespace Speedup.Plugins.Recurrent;

/// <summary>The rule of recurrent modules: units that stay zero, or that nobody reads, go.</summary>
/// <param name="Layout">What the module consists of.</param>
internal sealed record RecurrentRule(RecurrentLayout Layout) : AxisRule
{
    public override void InferFromWeight(IOperator op) => InferFromInput(op);

    public override void InferFromInput(IOperator op)
    {
        var units = new HiddenUnits(op, Layout);
        int count = Layout.CountUnits(op);
        int last = Layout.Layers - 1;
        for (int unit = 0; unit < count; unit++)
        {
            for (int direction = 0; !Layout.IsCell && direction < Layout.Directions; direction++)
            {
                if (units.IsZero(last, direction, unit))
                    op.Facts(RecurrentLayout.Sequence).SetConstant((direction * count) + unit, 0);
            }
            if (!Layout.Cells.All(cell => units.IsZero(cell.Layer, cell.Direction, unit)))
                continue;
            foreach (int output in Layout.StateOutputs)
                op.Output(output)[-1].SetConstant(unit, 0);
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach (int output in Enumerable.Range(0, op.OutputCount).Where(output => !op.IsRead(output)))
        {
            for (int i = 0; i < op.Output(output)[-1].Length; i++)
                op.Output(output)[-1].SetUnused(i);
        }
        var units = new HiddenUnits(op, Layout);
        for (int i = 0; i < op.Facts(RecurrentLayout.Input).Length; i++)
        {
            if (!units.ReadsInput(i))
                op.Facts(RecurrentLayout.Input).SetUnused(i);
        }
        foreach (AxisRef state in RecurrentLayout.InitialStates(op))
        {
            for (int unit = 0; unit < op.Facts(state).Length; unit++)
            {
                if (units.IsDead(unit) && !units.ReadsState(unit))
                    op.Facts(state).SetUnused(unit);
            }
        }
    }

    public override void Relate(IRelations relations)
    {
        var pairing = new UnitPairing(relations, Layout, new HiddenUnits(relations, Layout));
        for (int position = 0; position < pairing.Count; position++)
        {
            int index = pairing.PlanIndexAt(position);
            foreach (AxisRef state in Layout.StateOutputs.Select(output => AxisRef.OfOutput(output, -1)))
                relations.Tie(Layout.Units, index, state, index);
            foreach (AxisRef state in RecurrentLayout.InitialStates(relations))
                relations.Tie(Layout.Units, index, state, index);
            foreach ((int layer, int direction) in Layout.Cells)
                TieUnit(relations, layer, direction, pairing.UnitAt(layer, direction, position), index);
        }
        foreach ((int _, int direction) in Layout.Cells.Where(cell => cell.Layer == 0))
            relations.Tie(AxisRef.OfParameter(Layout.NameOf(RecurrentLayout.InputWeight, 0, direction), 1), RecurrentLayout.Input);
    }

    public override void Constrain(IPlanning plan)
    {
        var units = new HiddenUnits(plan, Layout);
        KeepEqualCounts(plan, units);
        foreach (AxisRef state in RecurrentLayout.InitialStates(plan))
        {
            AxisFacts facts = plan.Facts(state);
            for (int unit = 0; unit < facts.Length; unit++)
            {
                if (facts.IsUsed(unit) && !facts.IsZero(unit) && plan.IsRemoved(state, unit))
                    plan.Keep(state, unit, KeepCause.Unfoldable, $"{plan.Name} starts with a state that is not zero there");
            }
        }
        bool folds = plan.FindParameter(Layout.NameOf(RecurrentLayout.InputBias, 0, 0)) is not null || plan.Policy == ConstantPolicy.Drop;
        AxisFacts input = plan.Facts(RecurrentLayout.Input);
        for (int i = 0; !folds && i < input.Length; i++)
        {
            if (input.IsConstant(i) && input.ConstantAt(i) != 0 && plan.IsRemoved(RecurrentLayout.Input, i) && units.ReadsInput(i))
                plan.Keep(RecurrentLayout.Input, i, KeepCause.Unfoldable, $"{plan.Name} has no bias that could take the constant over");
        }
    }

    private void KeepEqualCounts(IPlanning plan, HiddenUnits units)
    {
        var pairing = new UnitPairing(plan, Layout, units);
        for (int position = 0; position < pairing.Count; position++)
        {
            bool isLive = Layout.Cells.Any(cell =>
                units.IsLive(cell.Layer, cell.Direction, pairing.UnitAt(cell.Layer, cell.Direction, position))
            );
            if (isLive && plan.IsRemoved(Layout.Units, pairing.PlanIndexAt(position)))
                plan.Keep(
                    Layout.Units,
                    pairing.PlanIndexAt(position),
                    KeepCause.EqualGroups,
                    $"all layers and directions of {plan.Name} keep equally many units"
                );
        }
    }

    /// <summary>Ties all that belongs to a unit of a cell.</summary>
    private void TieUnit(IRelations relations, int layer, int direction, int unit, int index)
    {
        int count = Layout.CountUnits(relations);
        int column = (direction * count) + unit;
        for (int gate = 0; gate < Layout.Gates; gate++)
        {
            foreach (
                string kind in (string[])
                    [RecurrentLayout.InputWeight, RecurrentLayout.StateWeight, RecurrentLayout.InputBias, RecurrentLayout.StateBias]
            )
            {
                string name = Layout.NameOf(kind, layer, direction);
                if (relations.FindParameter(name) is not null)
                    relations.Tie(Layout.Units, index, AxisRef.OfParameter(name, 0), (gate * count) + unit);
            }
        }
        relations.Tie(Layout.Units, index, AxisRef.OfParameter(Layout.NameOf(RecurrentLayout.StateWeight, layer, direction), 1), unit);
        if (layer == Layout.Layers - 1 && !Layout.IsCell)
            relations.Tie(Layout.Units, index, RecurrentLayout.Sequence, column);
        foreach ((int _, int next) in Layout.Cells.Where(cell => cell.Layer == layer + 1))
            relations.Tie(Layout.Units, index, AxisRef.OfParameter(Layout.NameOf(RecurrentLayout.InputWeight, layer + 1, next), 1), column);
    }
}
