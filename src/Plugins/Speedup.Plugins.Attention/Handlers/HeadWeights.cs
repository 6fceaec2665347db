using Speedup.Abstractions;
using TorchSharp;
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
    /// <param name="op">The operator.</param>
    /// <param name="prefix">What stands before the names, where the attention is a part of the module.</param>
    public static int CountColumns(IOperator op, string prefix = "") => (int)op.FindParameter(prefix + OutputWeight)!.Facts.Shape[1];

    /// <summary>Columns that nobody reads, or whose values are masked away.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="prefix">What stands before the names.</param>
    public static IEnumerable<int> RemovableColumns(IOperator op, string prefix = "")
    {
        if (op.FindParameter(prefix + OutputWeight) is not { } output)
            return [];
        int columns = CountColumns(op, prefix);
        (string name, int first) = op.FindParameter(prefix + Joined) is null ? (Separate[2], 0) : (Joined, 2 * columns);
        MaskPattern? values = op.FindParameter(prefix + name)?.Pattern;
        return Enumerable
            .Range(0, columns)
            .Where(column => output.Pattern?.IsColumnZero(column) == true || values?.IsRowZero(first + column) == true);
    }

    /// <summary>The heads that have a column that is not removable; at least one.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="width">Width of a head.</param>
    /// <param name="prefix">What stands before the names.</param>
    public static int[] KeptHeads(IOperator op, int width, string prefix = "")
    {
        HashSet<int> removable = [.. RemovableColumns(op, prefix)];
        IEnumerable<int> heads = Enumerable.Range(0, CountColumns(op, prefix) / width);
        int[] kept = [.. heads.Where(head => !Enumerable.Range(head * width, width).All(removable.Contains))];
        return kept.Length > 0 ? kept : [0];
    }

    /// <summary>Reads the masked parameters.</summary>
    public static HeadWeights Read(IOperator op, string prefix = "") => Create(name => op.FindParameter(prefix + name)?.Masked());

    /// <summary>Reads the parameters as they are.</summary>
    public static HeadWeights Read(nn.Module module, string prefix = "")
    {
        var parameters = module.named_parameters(recurse: false).ToDictionary(entry => entry.name, entry => entry.parameter);
        return Create(name => parameters.GetValueOrDefault(prefix + name)?.detach());
    }

    /// <summary>
    /// The weights of some heads. What the bias of the other heads' values adds passes through the weights of attention, which sum to
    /// one, into the bias of the output.
    /// </summary>
    /// <param name="kept">The heads.</param>
    /// <param name="width">Width of a head.</param>
    public HeadWeights Select(IReadOnlyList<int> kept, int width)
    {
        long[] rows = [.. kept.SelectMany(head => Enumerable.Range(head * width, width)).Select(row => (long)row)];
        if (rows.Length == Output.shape[1])
            return this;
        Tensor selected = tensor(rows, device: Output.device);
        return new HeadWeights(
            [.. Inputs.Select(weight => weight.index_select(0, selected))],
            Bias is null ? null : cat([.. Bias.chunk(3).Select(part => part.index_select(0, selected))]),
            Output.index_select(1, selected),
            FoldValues(rows)
        );
    }

    /// <summary>The parameters by name, with separate weights of queries, keys and values.</summary>
    public IEnumerable<(string Name, Tensor Value)> ByName()
    {
        for (int part = 0; part < Separate.Length; part++)
            yield return (Separate[part], Inputs[part]);
        if (Bias is not null)
            yield return (InputBias, Bias);
        yield return (OutputWeight, Output);
        if (BiasOfOutput is not null)
            yield return (OutputBias, BiasOfOutput);
    }

    /// <summary>The bias of the output with what the bias of the removed heads' values adds to it.</summary>
    private Tensor? FoldValues(long[] keptColumns)
    {
        if (Bias is null || BiasOfOutput is null)
            return BiasOfOutput;
        Tensor removed = ones([Output.shape[1]], dtype: ScalarType.Float64, device: Output.device);
        using Scalar zero = 0; // a temporary one may be collected while the native library reads it
        removed.index_fill_(0, tensor(keptColumns, device: removed.device), zero);
        Tensor values = Bias.chunk(3)[2].to(ScalarType.Float64) * removed;
        return (BiasOfOutput.to(ScalarType.Float64) + Output.to(ScalarType.Float64).mv(values)).to(Output.dtype);
    }

    private static HeadWeights Create(Func<string, Tensor?> find)
    {
        Tensor[] inputs = find(Joined) is { } joined ? joined.chunk(3) : [.. Separate.Select(name => find(name)!)];
        return new HeadWeights(inputs, find(InputBias), find(OutputWeight)!, find(OutputBias));
    }
}
