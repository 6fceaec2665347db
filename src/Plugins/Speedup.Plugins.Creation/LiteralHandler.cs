using System.Collections;
using System.Reflection;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Creation;

/// <summary>
/// Handles tensors of numbers that are written out: <c>tensor(0.5f)</c>, <c>tensor([1, 2])</c>, a number that becomes a tensor by itself. As many
/// as there are in the array there must be, so that no index can go; what each holds is known.
/// </summary>
internal sealed class LiteralHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(TorchSharp.torch), "tensor", "as_tensor", "from_array"), .. KeysOf(typeof(Tensor), "op_Implicit")];

    public override OperatorDescription Description => new("the number, or each of one axis", "-", "all of an array");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        bool isLiteral = op.InputCount == 0 && Array.TrueForAll(op.Method!.GetParameters(), parameter => IsKnown(op, parameter));
        return isLiteral ? [new LiteralNumbers()] : [];
    }

    /// <summary>A list may hold other numbers by now than when the call was made; arrays are recorded as they were.</summary>
    private static bool IsKnown(IOperator op, ParameterInfo parameter) =>
        !parameter.ParameterType.IsByRefLike && op.FindArgument(parameter.Name!) is null or string or Array or not IEnumerable;
}
