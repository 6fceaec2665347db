using Speedup.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// The hidden units of a transformer layer: <c>linear2(activation(linear1(x)))</c>. A unit whose row of <c>linear1</c> is masked is the
/// constant that the activation makes of its bias; one whose column of <c>linear2</c> is masked is not read.
/// </summary>
/// <param name="Operator">The operator.</param>
/// <param name="Prefix">What stands before the names of the layer's parameters.</param>
internal sealed record FeedForward(IOperator Operator, string Prefix)
{
    private const string SecondBias = "linear2.bias";

    /// <summary>Name of the weight whose rows are the units.</summary>
    public string Rows => $"{Prefix}linear1.weight";

    private string Columns => $"{Prefix}linear2.weight";

    /// <summary>Number of units.</summary>
    public int Count => (int)Operator.FindParameter(Rows)!.Facts.Shape[0];

    /// <summary>The units that can go, ascending.</summary>
    public int[] Removable()
    {
        MaskPattern? rows = Operator.FindParameter(Rows)!.Pattern;
        MaskPattern? columns = Operator.FindParameter(Columns)!.Pattern;
        return [.. Enumerable.Range(0, Count).Where(unit => rows?.IsRowZero(unit) == true || columns?.IsColumnZero(unit) == true)];
    }

    /// <summary>The units that stay if at least so many must, ascending.</summary>
    public int[] Kept(int least)
    {
        int[] removable = Removable();
        int staying = Math.Clamp(least - (Count - removable.Length), 0, removable.Length);
        return [.. Enumerable.Range(0, Count).Except(removable.Skip(staying))];
    }

    /// <summary>The parameters with some units only, in the caller's dispose scope.</summary>
    public IEnumerable<(string Name, Tensor Value)> Select(IReadOnlyList<int> kept, nn.Activations activation)
    {
        Tensor first = Masked(Rows);
        Tensor units = tensor(kept.Select(unit => (long)unit).ToArray(), device: first.device);
        Tensor bias = Masked($"{Prefix}linear1.bias");
        Tensor second = Masked(Columns);
        yield return (Rows, first.index_select(0, units));
        yield return ($"{Prefix}linear1.bias", bias.index_select(0, units));
        yield return (Columns, second.index_select(1, units));
        yield return (Prefix + SecondBias, Fold(second, bias, units, activation));
    }

    /// <summary>The second bias with the constants of the units that go; those that nobody reads have weights of zero.</summary>
    private Tensor Fold(Tensor second, Tensor bias, Tensor kept, nn.Activations activation)
    {
        Tensor hidden = bias.to(ScalarType.Float64);
        hidden = activation == nn.Activations.GELU ? nn.functional.gelu(hidden) : nn.functional.relu(hidden);
        using Scalar zero = 0; // a temporary one may be collected while the native library reads it
        Tensor constants = hidden.index_fill(0, kept, zero);
        Tensor own = Masked(Prefix + SecondBias);
        return (own.to(ScalarType.Float64) + second.to(ScalarType.Float64).mv(constants)).to(own.dtype);
    }

    private Tensor Masked(string name) => Operator.FindParameter(name)!.Masked();
}
