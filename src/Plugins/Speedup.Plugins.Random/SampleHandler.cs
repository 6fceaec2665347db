using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Random;

/// <summary>
/// Handles functions that draw each element by the one at the same place: <c>bernoulli</c> by its probability, <c>poisson</c> by its rate. Of
/// zero both make zero each time; what they make of anything else is not constant.
/// </summary>
internal sealed class SampleHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "bernoulli", "poisson"), .. KeysOf(typeof(TorchSharp.torch), "bernoulli", "poisson")];

    public override OperatorDescription Description => new("zero", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Of(ConstantFunctions.ZeroOnly)];
}
