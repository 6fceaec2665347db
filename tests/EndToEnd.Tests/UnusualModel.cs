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
        using Twin<nn.Module<Tensor, Tensor>> twin = Twin<nn.Module<Tensor, Tensor>>.Speed(make, randn(2, 3, 6, 6), ("first", [1, 2, 6]));

        IEnumerable<string> reasons = twin.Report.Notes.Concat(twin.Report.Kept.Select(kept => $"{kept.Operator}: {kept.Reason}"));
        Assert.True(twin.RowsOf("first") == 5, string.Join("; ", reasons));
        foreach (long size in new long[] { 6, 9 })
            twin.AssertEqual(randn(3, 3, size, size));
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
