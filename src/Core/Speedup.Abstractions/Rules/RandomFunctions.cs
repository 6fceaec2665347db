using System.Collections.Frozen;
using System.Reflection;
using TorchSharp;

namespace Speedup.Abstractions;

/// <summary>
/// The functions of TorchSharp that draw random numbers. What they yield is never constant; and what the masked model drew is put into the
/// small model when the two are compared, since a smaller tensor takes other numbers from the generator.
/// </summary>
public static class RandomFunctions
{
    /// <summary>Functions that fill a tensor of the shape of another one, or that tensor itself, whatever it holds.</summary>
    public static IReadOnlyList<string> Fillers { get; } =
    [
        "rand_like",
        "randn_like",
        "randint_like",
        "normal_",
        "uniform_",
        "bernoulli_",
        "exponential_",
        "geometric_",
        "cauchy_",
        "log_normal_",
        "random_",
        "trunc_normal_",
    ];

    /// <summary>Functions that make a tensor of the sizes that they are given.</summary>
    public static IReadOnlyList<string> Creators { get; } = ["rand", "randn", "randint", "normal", "randperm"];

    /// <summary>Functions that draw by what their inputs hold, element by element.</summary>
    public static IReadOnlyList<string> Samplers { get; } = ["bernoulli", "poisson", "binomial", "normal"];

    /// <summary>Functions that draw where they are told that the model trains.</summary>
    public static IReadOnlyList<string> Droppers { get; } =
    ["dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout", "feature_dropout"];

    private static readonly FrozenSet<string> Always = Fillers
        .Concat(Creators)
        .Concat(Samplers)
        .Concat([
            "multinomial",
            "xavier_normal_",
            "xavier_uniform_",
            "kaiming_normal_",
            "kaiming_uniform_",
            "orthogonal_",
            "rand_out",
            "randn_out",
            "randint_out",
            "randperm_out",
            "fractional_max_pool2d",
            "fractional_max_pool3d",
            "fractional_max_pool2d_with_indices",
            "fractional_max_pool3d_with_indices",
        ])
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> InTraining = Droppers
        .Concat(["multi_head_attention_forward"])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a call of a function draws random numbers.</summary>
    /// <param name="method">The function.</param>
    /// <param name="arguments">Its arguments, instance first.</param>
    public static bool Draws(MethodInfo method, IReadOnlyList<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(arguments);
        if (method.DeclaringType?.Assembly != typeof(torch).Assembly)
            return false;
        if (Always.Contains(method.Name))
            return true;
        if (method.Name == "scaled_dot_product_attention")
            return Argument(method, arguments, "p") is double and > 0;
        return InTraining.Contains(method.Name) && Argument(method, arguments, "training") is true;
    }

    private static object? Argument(MethodInfo method, IReadOnlyList<object?> arguments, string name) =>
        Array.Find(method.GetParameters(), parameter => parameter.Name == name) is { } found
            ? arguments[found.Position + (method.IsStatic ? 0 : 1)]
            : null;
}
