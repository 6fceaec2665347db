using Speedup.Abstractions;

namespace Speedup.Plugins.BatchNorm;

/// <summary>The rule of channels whose weight is masked: each is its bias, and nobody reads its input.</summary>
/// <param name="Input">The input's channels.</param>
/// <param name="Output">The output's channels.</param>
internal sealed record MaskedScale(AxisRef Input, AxisRef Output) : AxisRule
{
    public override void InferFromWeight(IOperator op)
    {
        if (op.FindParameter("weight")?.Pattern is not { } pattern)
            return;
        double[]? bias = null;
        for (int c = 0; c < pattern.Rows; c++)
        {
            if (!pattern.IsRowZero(c))
                continue;
            bias ??= op.FindParameter("bias")?.MaskedEntries() ?? new double[pattern.Rows];
            op.Facts(Output).SetConstant(c, bias[c]);
            op.Facts(Input).SetUnused(c);
        }
    }

    /// <summary>Ties nothing: other rules do.</summary>
    public override void Relate(IRelations relations) { }
}
