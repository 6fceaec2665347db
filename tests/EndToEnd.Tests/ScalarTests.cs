using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Constants that meet tensors without axes, or of one element: buffers, parameters, numbers.</summary>
public sealed class ScalarTests
{
    private const int Channels = 12;
    private static readonly int[] Pruned = [0, 3, 4, 7];
    private static readonly string[] Operations = ["*", "/", "+", "-", "reversed -", "power", "clamp"];

    private static readonly string[] Kinds =
    [
        "buffer of no axes",
        "buffer of one element",
        "parameter of no axes",
        "parameter of four axes",
        "made here",
        "ones of one element",
        "implicit",
        "computed",
        "expanded",
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string operation in Operations)
            foreach (string kind in Kinds)
                cases.Add(operation, kind);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Constants_MeetingAScalar_StayConstants(string operation, string kind)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var small = new Net(operation, kind);
        using var masked = new Net(operation, kind);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(small, "first", Pruned));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(small, [randn(2, 3, 6, 6)], masks);

        Assert.Equal(Channels - Pruned.Length, small.state_dict()["first.weight"].shape[0]);
        foreach (long batch in new long[] { 1, 3, 7 })
        foreach (double scale in new[] { 1, 1, 100 })
        {
            Tensor input = randn(batch, 3, 12, 12) * scale;
            Assert.InRange(Numbers.RelativeError(masked.forward(input), small.forward(input)), 0, 1e-5);
        }
    }

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, Channels, 3);
        private readonly Conv2d last = nn.Conv2d(Channels, 4, 3);
        private readonly Tensor? buffer;
        private readonly Parameter? parameter;
        private readonly string operation;
        private readonly string kind;

        public Net(string operation, string kind)
            : base(nameof(Net))
        {
            this.operation = operation;
            this.kind = kind;
            buffer = kind switch
            {
                "buffer of no axes" => tensor(1.7f).DetachFromDisposeScope(),
                "buffer of one element" => tensor(new[] { 1.7f }).DetachFromDisposeScope(),
                _ => null,
            };
            parameter = kind switch
            {
                "parameter of no axes" => nn.Parameter(tensor(1.7f).DetachFromDisposeScope()),
                "parameter of four axes" => nn.Parameter(full([1, 1, 1, 1], 1.7f).DetachFromDisposeScope()),
                _ => null,
            };
            RegisterComponents();
            manual_seed(4);
            using var _ = no_grad();
            foreach (Conv2d conv in new[] { first, last })
            {
                conv.weight!.normal_(0, 0.3);
                conv.bias!.normal_(0, 0.3);
            }
            eval();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input).relu();
            Tensor s = kind switch
            {
                "made here" => tensor(1.7f),
                "ones of one element" => ones(1) * 1.7,
                "implicit" => 1.7f,
                "computed" => (tensor(2.89f).sqrt() * 2) - 1.7f,
                "expanded" => tensor(1.7f).view(1, 1, 1, 1).expand(1, 1, x.shape[2], 1),
                _ => buffer ?? parameter!,
            };
            return last.forward(Apply(x, s));
        }

        private Tensor Apply(Tensor x, Tensor s) =>
            operation switch
            {
                "*" => s * x,
                "/" => x / s,
                "+" => x + s,
                "-" => x - s,
                "reversed -" => s - x,
                "power" => x.pow(s),
                _ => x.clamp(zeros_like(s), s),
            };
    }
}
