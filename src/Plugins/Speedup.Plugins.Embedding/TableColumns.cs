using Speedup.Abstractions;

namespace Speedup.Plugins.Embedding;

/// <summary>The rule of the columns of an embedding's weight, which are the last axis of the output.</summary>
/// <param name="Output">The output's axis.</param>
/// <param name="HasNormLimit">Whether rows have a largest norm; it takes a look at the module, and is asked only where a column is to go.</param>
internal sealed record TableColumns(AxisRef Output, Func<bool> HasNormLimit) : AxisRule
{
    /// <summary>The columns that are zero in all entries. By default those that the mask prunes: to look at all entries of a large table takes its time.</summary>
    public Func<ParameterFacts, IEnumerable<int>> ZeroColumns { get; init; } =
        weight => weight.Pattern is { } pattern ? Enumerable.Range(0, pattern.Columns).Where(pattern.IsColumnZero) : [];

    /// <summary>A column of zeros is zero in the output.</summary>
    public override void InferFromWeight(IOperator op)
    {
        foreach (int column in ZeroColumns(op.FindParameter(EmbeddingTable.Weight)!))
            op.Facts(Output).SetConstant(column, 0);
    }

    public override void Relate(IRelations relations) => relations.Tie(EmbeddingTable.Columns, Output);

    /// <summary>Keeps all columns where rows have a largest norm, in which every column has a share.</summary>
    public override void Constrain(IPlanning plan)
    {
        AxisRef columns = EmbeddingTable.Columns;
        int[] removed = [.. Enumerable.Range(0, plan.Facts(columns).Length).Where(i => plan.IsRemoved(columns, i))];
        if (removed.Length == 0 || !HasNormLimit())
            return;
        foreach (int i in removed)
            plan.Keep(columns, i, KeepCause.Barrier, NormLimit.Reason);
    }
}
