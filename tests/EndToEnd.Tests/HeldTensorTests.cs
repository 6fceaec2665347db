using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Tensors in fields that a forward moves to a device, disposes and stores anew, and memory that it looks at.</summary>
public sealed class HeldTensorTests
{
    public static TheoryData<string> Kinds => [.. Steps.Keys];

    private static Dictionary<string, Func<Scaled, Tensor, Tensor>> Steps { get; } =
        new(StringComparer.Ordinal)
        {
            ["to device"] = (model, h) => h * (model.Scale = model.Scale.to(h.device)),
            ["to device in a variable"] = (model, h) => h * model.Scale.to(h.device),
            ["to device, disposing"] = (model, h) => h * (model.Scale = model.Scale.to(h.device, disposeAfter: true)),
            ["to device, disposing, detached"] = (model, h) =>
                h * (model.Scale = model.Scale.to(h.device, disposeAfter: true).DetachFromDisposeScope()),
            ["to type, disposing"] = (model, h) => h * (model.Scale = model.Scale.to(h.dtype, disposeAfter: true)),
            ["to type and device, disposing"] = (model, h) => h * (model.Scale = model.Scale.to(h.dtype, h.device, disposeAfter: true)),
            ["to_type, disposing"] = (model, h) => h * (model.Scale = model.Scale.to_type(h.dtype, disposeAfter: true)),
            ["cpu"] = (model, h) => h * (model.Scale = model.Scale.cpu()),
            ["contiguous"] = (model, h) => h * (model.Scale = model.Scale.contiguous()),
            ["read, then stored"] = (model, h) =>
            {
                Tensor moved = model.Scale.to(h.device);
                Tensor y = h * moved;
                model.Scale = moved;
                return y;
            },
            ["shape as a span"] = (_, h) => h * (TorchSharp.TensorExtensionMethods.IntShape(h)[0] > 0 ? 1 : 2),
            ["shape in a pattern"] = (_, h) => h.shape is [var n, ..] ? h.relu().view(n, -1) : h,
            ["bytes of the input"] = (model, h) => h * (model.Input!.bytes.Length > 0 ? 1 : 2),
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Speedup_SlicesTheTensorAndKeepsItUsable(string kind)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (bool ranBefore in new[] { false, true })
        {
            using var model = new Scaled(Steps[kind]);
            using var masked = new Scaled(Steps[kind]);
            if (ranBefore)
                model.call(randn(2, 6));
            using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 4, 5));
            Numbers.ApplyMasks(masked, masks);

            var report = ModelSpeedup.Run(model, [randn(2, 6)], masks);

            string reasons = string.Join(
                "; ",
                report.Notes.Concat(report.Kept.Select(kept => $"{kept.Operator} {kept.Axis} {kept.Cause}: {kept.Reason}"))
            );
            Assert.True(model.state_dict()["first.weight"].shape[0] == 5, $"{ranBefore} {reasons}");
            foreach (long batch in new long[] { 1, 3, 7, 4 })
            {
                Tensor input = randn(batch, 6) * 100;
                Assert.InRange(Numbers.RelativeError(masked.call(input), model.call(input)), 0, 1e-5);
            }
        }
    }

    /// <summary>Two layers with a scale for each channel between them, which no mask touches.</summary>
    private sealed class Scaled : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(6, 8);
        private readonly Linear last = nn.Linear(8, 4);
        private readonly Func<Scaled, Tensor, Tensor> step;

        public Scaled(Func<Scaled, Tensor, Tensor> step)
            : base(nameof(Scaled))
        {
            this.step = step;
            manual_seed(71);
            Scale = randn(8).DetachFromDisposeScope();
            RegisterComponents();
            UnusualModel.Draw(this);
        }

        public Tensor Scale { get; set; }

        public Tensor? Input { get; private set; }

        public override Tensor forward(Tensor input)
        {
            Input = input;
            Tensor y = last.forward(step(this, first.forward(input)));
            Input = null;
            return y;
        }
    }
}
