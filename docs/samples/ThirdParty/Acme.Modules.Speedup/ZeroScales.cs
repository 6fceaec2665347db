using Speedup.Abstractions;

namespace Acme.Modules.Speedup;

/// <summary>The rule of channels whose scale is zero: each is zero, whatever enters it, so that nobody reads what does.</summary>
internal sealed record ZeroScales : AxisRule
{
    private const int Channels = 1;

    public override void InferFromWeight(IOperator op)
    {
        double[] scales = op.FindParameter("scale")!.MaskedEntries();
        for (int c = 0; c < scales.Length; c++)
        {
            if (scales[c] != 0)
                continue;
            op.Output(0)[Channels].SetConstant(c, 0);
            op.Input(0)[Channels].SetUnused(c);
        }
    }

    /// <summary>Ties nothing: the other rules do.</summary>
    public override void Relate(IRelations relations) { }
}
