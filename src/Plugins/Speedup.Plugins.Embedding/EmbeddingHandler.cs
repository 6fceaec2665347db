using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Embedding;

/// <summary>
/// Handles <c>nn.Embedding</c>: weight <c>[entries, width]</c>, input <c>[...]</c>, output <c>[..., width]</c>. A column that is masked
/// away is zero, and columns that nobody reads go; entries stay, since the input counts them. TorchSharp does not show
/// <c>padding_idx</c>, which acts on gradients only, so that the smaller module has none.
/// </summary>
internal sealed class EmbeddingHandler : RuleModuleHandler<TorchSharp.Modules.Embedding>
{
    public override OperatorDescription Description =>
        new("-", "a column", "rows; all, where the weight has a largest norm, or is shared with a module that stays")
        {
            Weight = "a masked column is zero",
            Folded = "-",
        };

    private static readonly AxisRef Output = AxisRef.OfOutput(0, -1);

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [
            new TableColumns(Output, () => NormLimit.IsSet(ModuleOf(op))),
            .. AlignedAxes.Leading(op.Output(0).Rank - 1, ConstantFunctions.Varying),
        ];

    public override Func<IReadOnlyDictionary<string, Tensor>, nn.Module>? FindBuilder(nn.Module original) =>
        NormLimit.IsSet((TorchSharp.Modules.Embedding)original)
            ? null
            : parameters => EmbeddingTable.Fill(Create(parameters[EmbeddingTable.Weight]), parameters[EmbeddingTable.Weight]);

    public override SmallModule? Replace(IReplacement replacement) => EmbeddingTable.Replace(replacement, Create);

    private static TorchSharp.Modules.Embedding Create(Tensor small) =>
        GeneratorState.Keep(() => nn.Embedding(small.shape[0], small.shape[1], dtype: small.dtype, device: small.device));
}
