using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Attention of which the same half of every head is masked, with the sizes of its views from shapes, left open, or in the source.</summary>
public sealed class BiasedAttentionTests
{
    private static readonly int[] HalfOfEachHead = [.. Enumerable.Range(0, 64).Where(row => row % 16 < 8)];

    public static TheoryData<View, string, ScalarType> Cases
    {
        get
        {
            var cases = new TheoryData<View, string, ScalarType>();
            foreach (View view in Enum.GetValues<View>())
            foreach (string masked in new[] { "v", "qk", "qkv" })
                cases.Add(view, masked, masked == "qkv" ? ScalarType.Float64 : ScalarType.Float32);
            return cases;
        }
    }

    public enum View
    {
        FromShapes,
        Open,
        InSource,
    }

    public static TheoryData<View, string, ScalarType, bool> CasesWithAndWithoutBiases
    {
        get
        {
            var cases = new TheoryData<View, string, ScalarType, bool>();
            foreach ((View view, string masked, ScalarType dtype) in Cases.Select(row => row.Data))
            foreach (bool hasBias in new[] { false, true })
                cases.Add(view, masked, dtype, hasBias);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(CasesWithAndWithoutBiases))]
    public void Speedup_OfAttentionThatIsMaskedWithItsBiases_HalvesItsHeads(View view, string masked, ScalarType dtype, bool hasBias)
    {
        using var scope = NewDisposeScope();
        using Trial<Attention> trial = Run(view, hasBias, masked, dtype, withBiases: hasBias);

        AssertHalved(trial, masked, view != View.InSource);
        AssertExact(trial);
    }

    /// <summary>What a head's pruned channel holds then is a constant that differs from head to head: the channel stays, with a line for each layer.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Speedup_OfAttentionWhoseBiasesStay_KeepsItsHeadsAndSaysSo(View view, string masked, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<Attention> trial = Run(view, hasBias: true, masked, dtype, withBiases: false);

        foreach (char layer in masked)
        {
            UnshrunkModule line = Assert.Single(trial.Report.Unshrunk, module => module.Path == layer.ToString());
            Assert.Equal((HalfOfEachHead.Length, 0), (line.Pruned, line.Removed));
            Assert.Contains("that stay; masked as they are, they still yield constants", line.Reason, StringComparison.Ordinal);
        }
        AssertExact(trial);
    }

    private static Trial<Attention> Run(View view, bool hasBias, string masked, ScalarType dtype, bool withBiases)
    {
        IEnumerable<string> parameters = masked.SelectMany(layer =>
            withBiases ? new[] { $"{layer}.weight", $"{layer}.bias" } : [$"{layer}.weight"]
        );
        return Trial<Attention>.Run(
            () => new Attention(view, hasBias),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 10, 64)],
            [.. parameters.Select(parameter => (parameter, HalfOfEachHead))],
            dtype: dtype
        );
    }

    private static void AssertHalved(Trial<Attention> trial, string masked, bool follows)
    {
        foreach (char layer in "qkv")
            Assert.Equal(masked.Contains(layer) && follows ? 32 : 64, trial.RowsOf($"{layer}.weight"));
        if (!follows)
            Assert.All(masked, layer => Assert.Contains("16", trial.Report.Unshrunk.Single(line => line.Path == layer.ToString()).Reason));
    }

    private static void AssertExact(Trial<Attention> trial)
    {
        foreach (long length in new long[] { 10, 20, 30 })
        foreach (long batch in new long[] { 1, 3, 7 })
            trial.AssertEqual(randn(batch, length, 64));
        trial.AssertEqual(randn(2, 10, 64) * 100);
    }

    private sealed class Attention : nn.Module<Tensor, Tensor>
    {
        private readonly Linear q;
        private readonly Linear k;
        private readonly Linear v;
        private readonly Linear o;
        private readonly View view;

        public Attention(View view, bool hasBias)
            : base(nameof(Attention))
        {
            this.view = view;
            q = nn.Linear(64, 64, hasBias);
            k = nn.Linear(64, 64, hasBias);
            v = nn.Linear(64, 64, hasBias);
            o = nn.Linear(64, 64);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor scores = Heads(q.forward(input)).matmul(Heads(k.forward(input)).transpose(-2, -1)) * 0.25;
            Tensor mixed = scores.softmax(-1).matmul(Heads(v.forward(input)));
            return o.forward(mixed.transpose(1, 2).contiguous().view(input.shape[0], input.shape[1], -1));
        }

        private Tensor Heads(Tensor x) =>
            (
                view switch
                {
                    View.FromShapes => x.view(x.shape[0], x.shape[1], 4, x.shape[2] / 4),
                    View.Open => x.view(x.shape[0], x.shape[1], 4, -1),
                    _ => x.view(x.shape[0], x.shape[1], 4, 16),
                }
            ).transpose(1, 2);
    }
}
