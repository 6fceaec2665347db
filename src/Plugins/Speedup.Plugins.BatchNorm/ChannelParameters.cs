using Speedup.Abstractions;

namespace Speedup.Plugins.BatchNorm;

/// <summary>The parameters of a normalisation, one for each channel; they are read when a first constant is to be normalised.</summary>
/// <param name="op">The operator.</param>
/// <param name="eps">What is added to the variance.</param>
internal sealed class ChannelParameters(IOperator op, double eps)
{
    private readonly Lazy<double[]?> _weight = new(() => Entries(op, "weight"));
    private readonly Lazy<double[]?> _bias = new(() => Entries(op, "bias"));
    private readonly Lazy<double[]?> _mean = new(() => Entries(op, "running_mean"));
    private readonly Lazy<double[]?> _variance = new(() => Entries(op, "running_var"));

    /// <summary>What becomes of a constant channel; NaN where rounding decides.</summary>
    public double Normalize(int channel, double value) =>
        CentredConstant.Of(value, _mean.Value?[channel], _variance.Value?[channel], eps) is { } centred
            ? ((_weight.Value?[channel] ?? 1) * centred) + (_bias.Value?[channel] ?? 0)
            : double.NaN;

    private static double[]? Entries(IOperator op, string name) => op.FindParameter(name)?.MaskedEntries();
}
