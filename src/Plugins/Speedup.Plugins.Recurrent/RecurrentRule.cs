using Speedup.Abstractions;

namespace Speedup.Plugins.Recurrent;

/// <summary>The rules of recurrent modules: units that stay zero, or that nobody reads, go.</summary>
internal static class RecurrentRule
{
    public static void InferFromInput(IOperator op, RecurrentLayout layout)
    {
        if (!layout.Fits(op))
            return;
        var units = new HiddenUnits(op, layout);
        int count = layout.CountUnits(op);
        int last = layout.Layers - 1;
        for (int unit = 0; unit < count; unit++)
        {
            for (int direction = 0; !layout.IsCell && direction < layout.Directions; direction++)
            {
                if (units.IsZero(last, direction, unit))
                    op.Facts(RecurrentLayout.Sequence).SetConstant((direction * count) + unit, 0);
            }
            if (!layout.Cells.All(cell => units.IsZero(cell.Layer, cell.Direction, unit)))
                continue;
            foreach (int output in layout.StateOutputs)
                op.Output(output)[-1].SetConstant(unit, 0);
        }
    }

    public static void InferFromOutput(IOperator op, RecurrentLayout layout)
    {
        if (!layout.Fits(op))
            return;
        foreach (int output in Enumerable.Range(0, op.OutputCount).Where(output => !op.IsRead(output)))
        {
            for (int i = 0; i < op.Output(output)[-1].Length; i++)
                op.Output(output)[-1].SetUnused(i);
        }
        var units = new HiddenUnits(op, layout);
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

    public static void Relate(IRelations relations, RecurrentLayout layout)
    {
        if (!layout.Fits(relations))
            return;
        var pairing = new UnitPairing(relations, layout, new HiddenUnits(relations, layout));
        for (int position = 0; position < pairing.Count; position++)
        {
            int index = pairing.PlanIndexAt(position);
            foreach (AxisRef state in layout.StateOutputs.Select(output => AxisRef.OfOutput(output, -1)))
                relations.Tie(layout.Units, index, state, index);
            foreach (AxisRef state in RecurrentLayout.InitialStates(relations))
                relations.Tie(layout.Units, index, state, index);
            foreach ((int layer, int direction) in layout.Cells)
                TieUnit(relations, layout, layer, direction, pairing.UnitAt(layer, direction, position), index);
        }
        foreach ((int _, int direction) in layout.Cells.Where(cell => cell.Layer == 0))
            relations.Tie(AxisRef.OfParameter(layout.NameOf(RecurrentLayout.InputWeight, 0, direction), 1), RecurrentLayout.Input);
    }

    public static void Constrain(IPlanning plan, RecurrentLayout layout)
    {
        if (!layout.Fits(plan))
            return;
        var units = new HiddenUnits(plan, layout);
        KeepEqualCounts(plan, layout, units);
        foreach (AxisRef state in RecurrentLayout.InitialStates(plan))
        {
            AxisFacts facts = plan.Facts(state);
            for (int unit = 0; unit < facts.Length; unit++)
            {
                bool isZero = facts.IsConstant(unit) && facts.ConstantAt(unit) == 0;
                if (facts.IsUsed(unit) && !isZero && plan.IsRemoved(state, unit))
                    plan.Keep(state, unit, KeepCause.Unfoldable, $"{plan.Name} starts with a state that is not zero there");
            }
        }
        bool folds = plan.FindParameter(layout.NameOf(RecurrentLayout.InputBias, 0, 0)) is not null || plan.Policy == ConstantPolicy.Drop;
        AxisFacts input = plan.Facts(RecurrentLayout.Input);
        for (int i = 0; !folds && i < input.Length; i++)
        {
            if (input.IsConstant(i) && input.ConstantAt(i) != 0 && plan.IsRemoved(RecurrentLayout.Input, i) && units.ReadsInput(i))
                plan.Keep(RecurrentLayout.Input, i, KeepCause.Unfoldable, $"{plan.Name} has no bias that could take the constant over");
        }
    }

    private static void KeepEqualCounts(IPlanning plan, RecurrentLayout layout, HiddenUnits units)
    {
        var pairing = new UnitPairing(plan, layout, units);
        for (int position = 0; position < pairing.Count; position++)
        {
            bool isLive = layout.Cells.Any(cell =>
                units.IsLive(cell.Layer, cell.Direction, pairing.UnitAt(cell.Layer, cell.Direction, position))
            );
            if (isLive && plan.IsRemoved(layout.Units, pairing.PlanIndexAt(position)))
                plan.Keep(
                    layout.Units,
                    pairing.PlanIndexAt(position),
                    KeepCause.EqualGroups,
                    $"all layers and directions of {plan.Name} keep equally many units"
                );
        }
    }

    /// <summary>Ties all that belongs to a unit of a cell.</summary>
    private static void TieUnit(IRelations relations, RecurrentLayout layout, int layer, int direction, int unit, int index)
    {
        int count = layout.CountUnits(relations);
        int column = (direction * count) + unit;
        for (int gate = 0; gate < layout.Gates; gate++)
        {
            foreach (
                string kind in (string[])
                    [RecurrentLayout.InputWeight, RecurrentLayout.StateWeight, RecurrentLayout.InputBias, RecurrentLayout.StateBias]
            )
            {
                string name = layout.NameOf(kind, layer, direction);
                if (relations.FindParameter(name) is not null)
                    relations.Tie(layout.Units, index, AxisRef.OfParameter(name, 0), (gate * count) + unit);
            }
        }
        relations.Tie(layout.Units, index, AxisRef.OfParameter(layout.NameOf(RecurrentLayout.StateWeight, layer, direction), 1), unit);
        if (layer == layout.Layers - 1 && !layout.IsCell)
            relations.Tie(layout.Units, index, RecurrentLayout.Sequence, column);
        foreach ((int _, int next) in layout.Cells.Where(cell => cell.Layer == layer + 1))
            relations.Tie(layout.Units, index, AxisRef.OfParameter(layout.NameOf(RecurrentLayout.InputWeight, layer + 1, next), 1), column);
    }
}
