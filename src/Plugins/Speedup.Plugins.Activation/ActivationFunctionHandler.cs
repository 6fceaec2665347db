using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation;

/// <summary>
/// Handles functions of one tensor that work element by element, their in-place forms included. Constants go through the recorded
/// call itself. Functions with steps are those of <see cref="StepFunctionHandler"/>.
/// </summary>
internal sealed class ActivationFunctionHandler : RuleFunctionHandler
{
    private static readonly string[] Activations =
    [
        "celu",
        "elu",
        "gelu",
        "hardshrink",
        "hardsigmoid",
        "hardswish",
        "hardtanh",
        "leaky_relu",
        "log_sigmoid",
        "logsigmoid",
        "mish",
        "relu",
        "relu6",
        "rrelu",
        "selu",
        "sigmoid",
        "silu",
        "softplus",
        "softshrink",
        "softsign",
        "tanh",
        "tanhshrink",
        "threshold",
    ];

    private static readonly string[] Mathematics =
    [
        "abs",
        "absolute",
        "acos",
        "acosh",
        "arccos",
        "arccosh",
        "arcsin",
        "arcsinh",
        "arctan",
        "arctanh",
        "asin",
        "asinh",
        "atan",
        "atanh",
        "clamp_max",
        "clamp_min",
        "cos",
        "cosh",
        "deg2rad",
        "digamma",
        "entr",
        "erf",
        "erfc",
        "erfcx",
        "erfinv",
        "exp",
        "exp2",
        "expit",
        "expm1",
        "gammaln",
        "i0",
        "i0e",
        "i1",
        "i1e",
        "isfinite",
        "isinf",
        "isnan",
        "lgamma",
        "log",
        "log10",
        "log1p",
        "log2",
        "logit",
        "nan_to_num",
        "ndtr",
        "ndtri",
        "neg",
        "negative",
        "op_UnaryNegation",
        "positive",
        "psi",
        "rad2deg",
        "reciprocal",
        "rsqrt",
        "sin",
        "sinh",
        "sqrt",
        "square",
        "tan",
    ];

    public override IReadOnlyList<FunctionKey> Functions { get; } =
    [
        .. Existing(typeof(nn.functional), Activations),
        .. Existing(typeof(special), [.. Activations, .. Mathematics]),
        .. Existing(typeof(TorchSharp.torch), [.. Activations, .. Mathematics]),
        .. Existing(typeof(Tensor), [.. Activations, .. Mathematics]),
    ];

    public override OperatorDescription Description =>
        new("the function's own result for the constant", "an index of any axis", "overloads with a second tensor");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        IsElementwise(op) ? [Elementwise.OfTensor(values => RecordedCall.Repeat(op, values))] : [];

    /// <summary>Overloads with a second tensor (<c>clamp_max</c>) are not.</summary>
    private static bool IsElementwise(IOperator op) => op.InputCount == 1 && op.Input(0).Shape.SequenceEqual(op.Output(0).Shape);

    /// <summary>The functions of a type with one of these names, in place or not, in either spelling (<c>silu</c>, <c>SiLU</c>).</summary>
    private static IEnumerable<FunctionKey> Existing(Type type, IEnumerable<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return KeysOf(type, type.GetMethods().Select(method => method.Name).Distinct().Where(name => wanted.Contains(name.TrimEnd('_'))));
    }
}
