using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>
/// Handles <c>nn.EmbeddingBag</c>: weight <c>[entries, width]</c>, output <c>[bags, width]</c>. A column of zeros is zero in the sum,
/// the mean and the largest of any bag; a column that is another constant is not constant in the output, because an empty bag, and one
/// that holds the padding entry only, is zero. Entries stay, since the input counts them.
/// </summary>
internal sealed class EmbeddingBagHandler : RuleModuleHandler<EmbeddingBag>
{
    public override OperatorDescription Description =>
        new("-", "a column; a bag of a matrix of bags", "rows; all, where the weight has a largest norm")
        {
            Weight = "a column of zeros is zero",
            Folded = "-",
        };

    private static readonly AxisRef Output = AxisRef.OfOutput(0, 1);
    private static readonly AxisRef Bags = AxisRef.OfOutput(0, 0);

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        var columns = new TableColumns(Output, () => NormLimit.IsSet(ModuleOf(op)))
        {
            ZeroColumns = weight => weight.ConstantSlices(1).Index().Where(column => column.Item == 0).Select(column => column.Index),
        };
        return BagAxes(op) is { Length: > 0 } inputs
            ? [columns, AlignedAxes.FromInputs(inputs, Bags, ConstantFunctions.Varying)]
            : [columns];
    }

    public override SmallModule? Replace(IReplacement replacement) =>
        EmbeddingTable.Replace(
            replacement,
            small =>
            {
                BagOptions options = BagOptions.Find(ModuleOf(replacement));
                return GeneratorState.Keep(() =>
                    nn.EmbeddingBag(
                        small.shape[0],
                        small.shape[1],
                        mode: options.Mode,
                        include_last_offset: options.IncludesLastOffset,
                        padding_index: options.PaddingIndex,
                        dtype: small.dtype,
                        device: small.device
                    )
                );
            }
        );

    public override long CountMacs(IOperator op) => op.Input(0).Shape.Aggregate(1L, (a, b) => a * b) * op.Output(0).Shape[1];

    /// <summary>
    /// The axis of the entries, and of their weights, that counts the bags of a matrix <c>[bags, entries of a bag]</c>; none where bags
    /// are given by offsets, or where the native module counts otherwise (it drops the last bag with <c>include_last_offset</c>).
    /// </summary>
    private static AxisRef[] BagAxes(IOperator op) =>
        op.Input(0).Rank == 2 && op.Input(0).Shape[0] == op.Output(0).Shape[0]
            ? [.. Enumerable.Range(0, op.InputCount).Select(position => AxisRef.OfInput(position, 0))]
            : [];
}
