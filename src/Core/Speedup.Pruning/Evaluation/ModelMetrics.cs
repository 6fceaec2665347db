using System.Globalization;

namespace Speedup.Pruning.Evaluation;

/// <summary>How good a model is, as the host measures it. What a task does not have is null.</summary>
/// <param name="Accuracy">The part of the samples that it gets right, from 0 to 1, or another figure of which more is better.</param>
/// <param name="Loss">Mean loss; less is better.</param>
public sealed record ModelMetrics(double? Accuracy = null, double? Loss = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(
            ", ",
            new[] { Text("accuracy", Accuracy), Text("loss", Loss) }.Where(text => text.Length > 0).DefaultIfEmpty("no metrics")
        );

    private static string Text(string name, double? value) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{name} {number:0.####}") : "";
}
