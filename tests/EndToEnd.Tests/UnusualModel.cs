using Speedup.Core.Hosting;
using Speedup.Core.Masks;
using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Two convolutions, with code between them that a tracer may get wrong.</summary>
internal abstract class UnusualModel : nn.Module<Tensor, Tensor>
{
    protected readonly Conv2d first = nn.Conv2d(3, 8, 3);
    protected readonly Conv2d last = nn.Conv2d(8, 4, 1);

    protected UnusualModel(string name)
        : base(name) => RegisterComponents();

    /// <summary>Asserts that three masked filters go, and that the result is the masked model at two sizes, untraced.</summary>
    public static void AssertExact(Func<nn.Module<Tensor, Tensor>> make)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using nn.Module<Tensor, Tensor> model = Draw(make());
        using nn.Module<Tensor, Tensor> masked = Draw(make());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2, 6));
        Numbers.ApplyMasks(masked, masks);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

        bool isSmall = model.state_dict()["first.weight"].shape[0] == 5;
        Assert.True(isSmall, string.Join("; ", report.Notes.Concat(report.Kept.Select(kept => $"{kept.Operator}: {kept.Reason}"))));
        foreach (long size in new long[] { 6, 9 })
        {
            Tensor input = randn(3, 3, size, size);
            manual_seed(7);
            Tensor expected = masked.forward(input);
            manual_seed(7);
            Assert.InRange(Numbers.RelativeError(expected, model.forward(input)), 0, 1e-5);
        }
    }

    /// <summary>Draws the weights of a model, the same each time, for evaluation.</summary>
    public static T Draw<T>(T model)
        where T : nn.Module
    {
        using var _ = no_grad();
        manual_seed(61);
        foreach (Parameter parameter in model.parameters())
            parameter.normal_(0, 0.4);
        model.eval();
        return model;
    }
}
