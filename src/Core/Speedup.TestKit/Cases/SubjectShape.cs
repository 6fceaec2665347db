using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit.Cases;

/// <summary>The outputs of the subject on the traced shapes.</summary>
internal sealed record SubjectShape(IReadOnlyList<OutputShape> Outputs)
{
    /// <summary>Runs the subject once.</summary>
    public static SubjectShape Read(Subject subject)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var values = new Values(new Random(0));
        using nn.Module? module = subject.Create?.Invoke();
        module?.eval();
        Tensor[] inputs =
        [
            .. subject.Inputs.Select(input =>
                input.IndexLimit is { } limit ? values.Indices(input.Shape, limit) : values.Normal(input.Shape, ScalarType.Float32)
            ),
        ];
        Tensor[] outputs = subject.Call(module, inputs);
        return new SubjectShape([.. outputs.Select(output => OutputShape.Of(output, subject))]);
    }
}
