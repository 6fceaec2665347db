using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// The parameters of an attention module in one form, whether it has one weight for queries, keys and values or three. All tensors are
/// views or copies of masked values, in the caller's dispose scope.
/// </summary>
internal sealed class HeadWeights
{
    private const string Joined = "in_proj_weight";
    private const string InputBias = "in_proj_bias";

    /// <summary>Name of the weight that mixes the heads.</summary>
    public const string OutputWeight = "out_proj.weight";
    private const string OutputBias = "out_proj.bias";
    private static readonly string[] Separate = ["q_proj_weight", "k_proj_weight", "v_proj_weight"];

    private HeadWeights(Tensor[] inputs, Tensor? inputBias, Tensor output, Tensor? outputBias) =>
        (Inputs, Bias, Output, BiasOfOutput) = (inputs, inputBias, output, outputBias);

    /// <summary>The weights of queries, keys and values, each <c>[width, features]</c>.</summary>
    public Tensor[] Inputs { get; }

    /// <summary>Their biases, one after the other.</summary>
    public Tensor? Bias { get; }

    /// <summary>The weight that mixes the heads, <c>[features, width]</c>.</summary>
    public Tensor Output { get; }

    /// <summary>Its bias.</summary>
    public Tensor? BiasOfOutput { get; }

    /// <summary>Sum of the widths of all heads.</summary>
    public static int CountColumns(IOperator op) => (int)op.FindParameter(OutputWeight)!.Facts.Shape[1];

    /// <summary>Name and first row of the weight that makes the values.</summary>
    public static (string Name, int FirstRow) ValueRows(IOperator op) =>
        op.FindParameter(Joined) is null ? (Separate[2], 0) : (Joined, 2 * CountColumns(op));

    /// <summary>Reads the masked parameters.</summary>
    public static HeadWeights Read(IOperator op) => Create(name => op.FindParameter(name)?.Masked());

    /// <summary>Reads the parameters as they are.</summary>
    public static HeadWeights Read(nn.Module module)
    {
        var parameters = module.named_parameters(recurse: false).ToDictionary(entry => entry.name, entry => entry.parameter);
        return Create(name => parameters.GetValueOrDefault(name)?.detach());
    }

    private static HeadWeights Create(Func<string, Tensor?> find)
    {
        Tensor[] inputs = find(Joined) is { } joined ? joined.chunk(3) : [.. Separate.Select(name => find(name)!)];
        return new HeadWeights(inputs, find(InputBias), find(OutputWeight)!, find(OutputBias));
    }
}
