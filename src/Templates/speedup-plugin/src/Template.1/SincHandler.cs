using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Template._1;

/// <summary>
/// Handles <c>sinc</c>, which computes each element of its output from the element at the same place. A pruned channel enters it as
/// zeros and leaves it as ones: a constant that the next layer can take into its bias.
/// </summary>
internal sealed class SincHandler : RuleFunctionHandler
{
    /// <summary>All overloads of <c>torch.sinc</c>, <c>torch.special.sinc</c> and <c>Tensor.sinc</c>.</summary>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
    [.. KeysOf(typeof(TorchSharp.torch), "sinc"), .. KeysOf(typeof(special), "sinc"), .. KeysOf(typeof(Tensor), "sinc")];

    /// <summary>What the operator does, for the list of operators.</summary>
    public override OperatorDescription Description => new("sinc of the constant", "an index of any axis", "-");

    /// <summary>
    /// The rules that hold for a call: a constant at the input is a constant at the output, on every input of every size; where nobody reads the
    /// output, nobody reads the input; an index goes from both together.
    /// </summary>
    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.OfTensor(values => values.sinc())];
}
