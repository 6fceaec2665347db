using Onnx.Tests.Support;
using Speedup.Onnx;
using Speedup.Persistence.Masks;
using Xunit;
using Zoo;
using static TorchSharp.torch;
using MaskPattern = Zoo.MaskPattern;

namespace Onnx.Tests.Networks;

/// <summary>Every network of the zoo, dense and small, gives in ONNX Runtime what it gives in TorchSharp, at several sizes.</summary>
public sealed class ZooTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Networks => [.. ZooCatalog.Entries.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Network_DenseAndSmall_GivesTheSameInOnnxRuntime(string name)
    {
        ZooEntry entry = ZooCatalog.Entries.Single(entry => entry.Name == name);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using nn.Module model = entry.Create(entry.Divisor);
        RandomStatistics.Apply(model, 7);
        model.eval();
        using var generator = new Generator(100);
        Tensor[] example = Draw(entry.Inputs, 0, generator);

        long dense = Check(entry, model, example, generator);
        using MaskSet masks = MaskFactory.Create(model, MaskPattern.L1Share50, entry.OutputLayers, 1);
        Exporter.Speedup.Speedup(model, example, masks);
        long small = Check(entry, model, example, generator);

        Assert.True(small < dense, $"the small file has {small} bytes, the dense one {dense}");
    }

    /// <summary>Exports, and compares at batches of 1, 3 and 7, and at another size where the network takes one.</summary>
    private static long Check(ZooEntry entry, nn.Module model, Tensor[] example, Generator generator)
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.onnx"];

        OnnxExportReport report = Exporter.Shared.Save(model, example, path, new OnnxExportOptions { Verifier = Exporter.Runner });

        Assert.DoesNotContain(report.Remarks, remark => remark.StartsWith("Sizes are fixed", StringComparison.Ordinal));
        Assert.All(report.Inputs, input => Assert.Equal("batch", input.Shape[0]));
        List<Tensor[]> inputs = [.. new long[] { 1, 3, 7 }.Select(batch => Draw(entry.Inputs, batch, generator))];
        if (entry.SecondInputs is { } second)
            inputs.Add(Draw(second, 0, generator));
        IReadOnlyList<IReadOnlyList<Tensor>> outputs = Exporter.Runner.Run(path, inputs);
        foreach ((Tensor[] input, IReadOnlyList<Tensor> output) in inputs.Zip(outputs))
        {
            double error = Errors.Relative(ZooEntry.Run(model, input), output);
            Assert.True(error <= Tolerance, $"input [{string.Join(", ", input[0].shape)}]: relative error {error:0.0e+00}");
        }
        return report.Size;
    }

    private static Tensor[] Draw(IReadOnlyList<ZooInput> inputs, long batch, Generator generator) =>
        [.. inputs.Select(input => (batch == 0 ? input : input.WithBatch(batch)).Draw(generator, ScalarType.Float32))];
}
