using Speedup.Abstractions;
using Speedup.Core.CodeWriting.Plans;
using static TorchSharp.torch;

namespace Speedup.Onnx.Emission;

/// <summary>The values of a plan that are computed from the model's own tensors and fixed numbers alone.</summary>
internal sealed class ConstantValues
{
    private const long AlwaysKept = 1 << 16;
    private readonly HashSet<int> _constant;
    private readonly Dictionary<int, Tensor> _tensors = [];

    /// <summary>Finds them.</summary>
    public ConstantValues(CodePlan plan)
    {
        _constant = [.. plan.Tensors.Keys];
        foreach (CodeStep step in plan.Steps.Where(step => !Draws(step) && step.Reads.All(_constant.Contains)))
            _constant.UnionWith(step.Results);
    }

    /// <summary>The tensors of those that were noted.</summary>
    public IReadOnlyDictionary<int, Tensor> Tensors => _tensors;

    /// <summary>Keeps a copy of a value that a run has made, if it is one of them.</summary>
    public void Note(int value, Tensor tensor)
    {
        if (_constant.Contains(value))
            _tensors[value] = tensor.detach().clone();
    }

    /// <summary>Whether a step need not be written, since what it makes is known and no larger than what it is made of.</summary>
    public bool Replaces(CodeStep step)
    {
        if (step.Results.Count == 0 || !step.Results.All(_tensors.ContainsKey))
            return false;
        long made = step.Results.Sum(result => BytesOf(_tensors[result]));
        long read = step.Reads.Distinct().Sum(value => _tensors.TryGetValue(value, out Tensor? tensor) ? BytesOf(tensor) : AlwaysKept);
        return made <= Math.Max(AlwaysKept, read);
    }

    private static bool Draws(CodeStep step) =>
        RandomFunctions.Draws(
            step.Method,
            [.. step.Arguments.Select(argument => argument.Value is CodeValue.Literal literal ? literal.Value : null)]
        );

    private static long BytesOf(Tensor tensor) => tensor.numel() * tensor.ElementSize;
}
