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

    /// <summary>
    /// Asserts that three masked filters go, and that the result is the masked model, untraced, in call after call: at three sizes, for
    /// batches of 1, 3 and 7, and on large values.
    /// </summary>
    public static void AssertExact(Func<nn.Module<Tensor, Tensor>> make)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Twin<nn.Module<Tensor, Tensor>> twin = Twin<nn.Module<Tensor, Tensor>>.Speed(make, randn(2, 3, 6, 6), ("first", [1, 2, 6]));

        IEnumerable<string> reasons = twin.Report.Notes.Concat(twin.Report.Kept.Select(kept => $"{kept.Operator}: {kept.Reason}"));
        Assert.True(twin.RowsOf("first") == 5, string.Join("; ", reasons));
        foreach (long size in new long[] { 6, 9, 12 })
        foreach (long batch in new long[] { 1, 3, 7 })
            twin.AssertEqual(randn(batch, 3, size, size));
        twin.AssertEqual(randn(2, 3, 6, 6) * 100);
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
