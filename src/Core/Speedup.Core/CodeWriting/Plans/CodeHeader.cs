using Speedup.Persistence.Masks;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>What code says of itself.</summary>
/// <param name="ClassName">Name of its class.</param>
/// <param name="Namespace">Namespace of that; empty for none.</param>
/// <param name="Model">Name of the model's class.</param>
/// <param name="WeightsFile">Name of the file with the weights.</param>
internal sealed record CodeHeader(string ClassName, string Namespace, string Model, string WeightsFile)
{
    /// <summary>The lines that code begins with, as comments.</summary>
    public IEnumerable<string> LinesFor(CodePlan plan) =>
        new[]
        {
            $"Written by Speedup.Framework from a traced forward pass of {Model} in evaluation mode: its calls in order, one a line.",
            $"The weights are in {WeightsFile}. Names are paths in the model, with '_' for each dot.",
        }
            .Concat(plan.Remarks)
            .Select(Comment);

    /// <summary>A text as it can stand in a comment of one line: names in a model may hold anything.</summary>
    public static string Comment(string text) => Quoted.Message(text).ReplaceLineEndings(" ");
}
