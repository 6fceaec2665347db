using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>
/// Decoders as people write them, with tables for 1,024 positions and an example of 12 tokens: they shrink, and are right at 64 and 200 tokens.
/// </summary>
public sealed class DecoderTests
{
    private const int Vocabulary = 50;
    private static readonly int[] HalfOfHidden = [.. Enumerable.Range(0, 64).Where(i => i % 2 == 0)];

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Speedup_OfADecoderWithACausalBuffer_IsExactAtAnyLength(ScalarType dtype) =>
        AssertShrinks(() => new MinGpt(), "blocks.{0}.mlp1.weight", 32, dtype);

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Speedup_OfADecoderWithRotaryTables_IsExactAtAnyLength(ScalarType dtype) =>
        AssertShrinks(() => new Llama(), "blocks.{0}.gate.weight", 32, dtype);

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Speedup_OfADecoderWithPartlyRotatedHeads_IsExactAtAnyLength(ScalarType dtype) =>
        AssertShrinks(() => new Phi(), "blocks.{0}.fc1.weight", 32, dtype);

    [Fact]
    public void Speedup_OfAnEncoderWithPositionalEncoding_IsExactAtAnyLength()
    {
        using var scope = NewDisposeScope();
        using Trial<SequenceToSequence> trial = Trial<SequenceToSequence>.Run(
            () => new SequenceToSequence(),
            (model, inputs) => model.forward(inputs[0], inputs[1]),
            [Tokens(12, 3), SequenceToSequence.Mask(12)],
            [("decoder1.weight", [0, 2, 5, 9])]
        );

        Assert.Equal(12, trial.RowsOf("decoder1.weight"));
        Assert.Equal([1024, 1, 16], trial.Small.state_dict()["encoding.pe"].shape);
        foreach ((long length, long batch) in new[] { (12L, 3L), (64, 1), (200, 2), (5, 7) })
            trial.AssertEqual(Tokens(length, batch), SequenceToSequence.Mask(length));
    }

    private static void AssertShrinks(Func<nn.Module<Tensor, Tensor>> make, string hidden, long left, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<nn.Module<Tensor, Tensor>> trial = Trial<nn.Module<Tensor, Tensor>>.Run(
            make,
            (model, inputs) => model.forward(inputs[0]),
            [Tokens(2, 12)],
            [.. Enumerable.Range(0, 2).Select(i => (string.Format(null, hidden, i), HalfOfHidden))],
            dtype: dtype
        );

        Assert.All(Enumerable.Range(0, 2), i => Assert.Equal(left, trial.RowsOf(string.Format(null, hidden, i))));
        foreach ((long batch, long length) in new[] { (2L, 12L), (1, 64), (2, 200), (7, 3), (1, 1), (3, 13) })
            trial.AssertEqual(Tokens(batch, length));
    }

    private static Tensor Tokens(long first, long second) => randint(0, Vocabulary, [first, second], dtype: ScalarType.Int64);

    /// <summary>Learned positions, one projection for all heads, a mask that is cut out of a buffer.</summary>
    private sealed class MinGpt : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding tokens = nn.Embedding(Vocabulary, 32);
        private readonly Parameter positions = nn.Parameter(zeros(1, 1024, 32));
        private readonly ModuleList<GptBlock> blocks = [new GptBlock(), new GptBlock()];
        private readonly LayerNorm norm = nn.LayerNorm(32);
        private readonly Linear head = nn.Linear(32, Vocabulary, hasBias: false);

        public MinGpt()
            : base("gpt") => RegisterComponents();

        public override Tensor forward(Tensor ids)
        {
            Tensor x = tokens.forward(ids) + positions[.., ..(int)ids.shape[1]];
            foreach (GptBlock block in blocks)
                x = block.forward(x);
            return head.forward(norm.forward(x));
        }
    }

    private sealed class GptBlock : nn.Module<Tensor, Tensor>
    {
        private const int Heads = 4;
        private readonly LayerNorm norm1 = nn.LayerNorm(32);
        private readonly LayerNorm norm2 = nn.LayerNorm(32);
        private readonly Linear attend = nn.Linear(32, 96);
        private readonly Linear project = nn.Linear(32, 32);
        private readonly Linear mlp1 = nn.Linear(32, 64);
        private readonly Linear mlp2 = nn.Linear(64, 32);
        private readonly Tensor bias = ones(1024, 1024).tril().view(1, 1, 1024, 1024);
        private readonly int width = 32;

        public GptBlock()
            : base("block")
        {
            register_buffer("bias", bias);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            x = x + Attend(norm1.forward(x));
            return x + mlp2.forward(nn.functional.gelu(mlp1.forward(norm2.forward(x))));
        }

        private Tensor Attend(Tensor x)
        {
            (long b, int t, long c) = (x.shape[0], (int)x.shape[1], x.shape[2]);
            Tensor[] parts = attend.forward(x).split(width, 2);
            Tensor[] qkv = [.. parts.Select(part => part.view(b, t, Heads, c / Heads).transpose(1, 2))];
            Tensor scores = qkv[0].matmul(qkv[1].transpose(-2, -1)) * (1.0 / Math.Sqrt(qkv[1].shape[^1]));
            scores = scores.masked_fill(bias[.., .., ..t, ..t] == 0, double.NegativeInfinity);
            Tensor y = nn.functional.softmax(scores, -1).matmul(qkv[2]);
            return project.forward(y.transpose(1, 2).contiguous().view(b, t, c));
        }
    }

    /// <summary>Rotary tables of cosines and sines, root-mean-square norms, gated units, fewer heads of keys than of queries.</summary>
    private sealed class Llama : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding tokens = nn.Embedding(Vocabulary, 32);
        private readonly ModuleList<LlamaBlock> blocks = [new LlamaBlock(), new LlamaBlock()];
        private readonly Linear head = nn.Linear(32, Vocabulary, hasBias: false);
        private readonly Tensor cosines;
        private readonly Tensor sines;

        public Llama()
            : base("llama")
        {
            (cosines, sines) = Rotary.Tables(8);
            register_buffer("cosines", cosines);
            register_buffer("sines", sines);
            RegisterComponents();
        }

        public override Tensor forward(Tensor ids)
        {
            int length = (int)ids.shape[1];
            Tensor x = tokens.forward(ids);
            Tensor? mask = null;
            if (length > 1)
                mask = full([length, length], double.NegativeInfinity, dtype: x.dtype).triu(1);
            foreach (LlamaBlock block in blocks)
                x = block.Run(x, cosines[..length], sines[..length], mask);
            return head.forward(x);
        }
    }

    private sealed class LlamaBlock : nn.Module
    {
        private readonly Parameter scale1 = nn.Parameter(ones(32));
        private readonly Parameter scale2 = nn.Parameter(ones(32));
        private readonly Linear wq = nn.Linear(32, 32, hasBias: false);
        private readonly Linear wk = nn.Linear(32, 16, hasBias: false);
        private readonly Linear wv = nn.Linear(32, 16, hasBias: false);
        private readonly Linear wo = nn.Linear(32, 32, hasBias: false);
        private readonly Linear gate = nn.Linear(32, 64, hasBias: false);
        private readonly Linear up = nn.Linear(32, 64, hasBias: false);
        private readonly Linear down = nn.Linear(64, 32, hasBias: false);

        public LlamaBlock()
            : base("block") => RegisterComponents();

        public Tensor Run(Tensor x, Tensor cosines, Tensor sines, Tensor? mask)
        {
            x = x + Attend(Normalize(x, scale1), cosines, sines, mask);
            Tensor y = Normalize(x, scale2);
            return x + down.forward(nn.functional.silu(gate.forward(y)) * up.forward(y));
        }

        private static Tensor Normalize(Tensor x, Tensor scale) => x * rsqrt(x.pow(2).mean([-1], keepdim: true) + 1e-5) * scale;

        private Tensor Attend(Tensor x, Tensor cosines, Tensor sines, Tensor? mask)
        {
            (long b, long t) = (x.shape[0], x.shape[1]);
            Tensor q = Rotary.Rotate(wq.forward(x).view(b, t, 4, 8), cosines, sines).transpose(1, 2);
            Tensor k = Rotary.Rotate(wk.forward(x).view(b, t, 2, 8), cosines, sines).repeat_interleave(2, 2).transpose(1, 2);
            Tensor v = wv.forward(x).view(b, t, 2, 8).repeat_interleave(2, 2).transpose(1, 2);
            Tensor scores = q.matmul(k.transpose(2, 3)) / Math.Sqrt(8);
            if (mask is not null)
                scores = scores + mask;
            return wo.forward(scores.softmax(-1).matmul(v).transpose(1, 2).contiguous().view(b, t, -1));
        }
    }

    /// <summary>Half of each head is rotated, attention and units run beside each other.</summary>
    private sealed class Phi : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding tokens = nn.Embedding(Vocabulary, 32);
        private readonly ModuleList<PhiBlock> blocks = [new PhiBlock(), new PhiBlock()];
        private readonly LayerNorm norm = nn.LayerNorm(32);
        private readonly Linear head = nn.Linear(32, Vocabulary);

        public Phi()
            : base("phi") => RegisterComponents();

        public override Tensor forward(Tensor ids)
        {
            Tensor x = tokens.forward(ids);
            foreach (PhiBlock block in blocks)
                x = block.forward(x);
            return head.forward(norm.forward(x));
        }
    }

    private sealed class PhiBlock : nn.Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm = nn.LayerNorm(32);
        private readonly Linear q = nn.Linear(32, 32);
        private readonly Linear k = nn.Linear(32, 32);
        private readonly Linear v = nn.Linear(32, 32);
        private readonly Linear dense = nn.Linear(32, 32);
        private readonly Linear fc1 = nn.Linear(32, 64);
        private readonly Linear fc2 = nn.Linear(64, 32);
        private readonly Tensor cosines;
        private readonly Tensor sines;

        public PhiBlock()
            : base("block")
        {
            (cosines, sines) = Rotary.Tables(4);
            register_buffer("cosines", cosines);
            register_buffer("sines", sines);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            Tensor y = norm.forward(x);
            return x + Attend(y) + fc2.forward(nn.functional.gelu(fc1.forward(y)));
        }

        private Tensor Attend(Tensor x)
        {
            (long b, long t) = (x.shape[0], x.shape[1]);
            Tensor query = Rotate(q.forward(x).view(b, t, 4, -1)).transpose(1, 2);
            Tensor key = Rotate(k.forward(x).view(b, t, 4, -1)).transpose(1, 2);
            Tensor value = v.forward(x).view(b, t, 4, -1).transpose(1, 2);
            Tensor y = nn.functional.scaled_dot_product_attention(query, key, value, is_casual: t > 1);
            return dense.forward(y.transpose(1, 2).reshape(b, t, -1));
        }

        private Tensor Rotate(Tensor x)
        {
            int length = (int)x.shape[1];
            Tensor rotated = Rotary.Rotate(x[TensorIndex.Ellipsis, ..4], cosines[..length], sines[..length]);
            return cat([rotated, x[TensorIndex.Ellipsis, 4..]], -1);
        }
    }

    private static class Rotary
    {
        /// <summary>Cosines and sines of 1,024 positions, [position, half of a head].</summary>
        public static (Tensor Cosines, Tensor Sines) Tables(int width)
        {
            Tensor frequencies = 1.0 / pow(10000.0, arange(0, width, 2, dtype: ScalarType.Float32) / width);
            Tensor angles = outer(arange(1024, dtype: ScalarType.Float32), frequencies);
            return (angles.cos(), angles.sin());
        }

        /// <summary>Rotates pairs of a tensor [sample, position, head, width].</summary>
        public static Tensor Rotate(Tensor x, Tensor cosines, Tensor sines)
        {
            Tensor[] halves = x.chunk(2, -1);
            Tensor c = cosines.unsqueeze(0).unsqueeze(2);
            Tensor s = sines.unsqueeze(0).unsqueeze(2);
            return cat([(halves[0] * c) - (halves[1] * s), (halves[1] * c) + (halves[0] * s)], -1);
        }
    }

    /// <summary>As TorchSharp's example has it: the sequence first, sines and cosines from a buffer, a mask as second input.</summary>
    private sealed class SequenceToSequence : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Embedding encoder = nn.Embedding(Vocabulary, 16);
        private readonly PositionalEncoding encoding = new(16, 0.1, 1024);
        private readonly TransformerEncoder transformer = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 24, 0.1), 2);
        private readonly Linear decoder1 = nn.Linear(16, 16);
        private readonly Linear decoder2 = nn.Linear(16, Vocabulary);

        public SequenceToSequence()
            : base("sequences") => RegisterComponents();

        public static Tensor Mask(long size)
        {
            Tensor mask = (ones(size, size) == 1).triu().transpose(0, 1);
            return mask.to_type(ScalarType.Float32).masked_fill(mask == 0, float.NegativeInfinity).masked_fill(mask == 1, 0.0f);
        }

        public override Tensor forward(Tensor tokens, Tensor mask)
        {
            Tensor source = encoding.forward(encoder.forward(tokens) * MathF.Sqrt(16));
            return decoder2.forward(decoder1.forward(transformer.call(source, mask)).relu());
        }
    }

    private sealed class PositionalEncoding : nn.Module<Tensor, Tensor>
    {
        private readonly Dropout dropout;
        private readonly Tensor pe;

        public PositionalEncoding(long width, double rate, int length)
            : base("encoding")
        {
            dropout = nn.Dropout(rate);
            pe = zeros(length, width);
            Tensor position = arange(0, length, 1).unsqueeze(1);
            Tensor divisors = (arange(0, width, 2) * (-Math.Log(10000.0) / width)).exp();
            pe[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)] = (position * divisors).sin();
            pe[TensorIndex.Ellipsis, TensorIndex.Slice(1, null, 2)] = (position * divisors).cos();
            pe = pe.unsqueeze(0).transpose(0, 1);
            register_buffer("pe", pe);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            x = x + pe[TensorIndex.Slice(null, x.shape[0]), TensorIndex.Slice()];
            return dropout.forward(x);
        }
    }
}
