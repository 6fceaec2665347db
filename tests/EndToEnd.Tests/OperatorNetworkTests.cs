using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Operators in networks, through the plugin DLLs: traced, shrunk and compared with the masked network.</summary>
public sealed class OperatorNetworkTests
{
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Create, long[][] Sizes)> Networks = new()
    {
        ["shuffle"] = (() => new OperatorNetworks.Shuffle(), [Size(2, 8, 8), Size(1, 6, 11)]),
        ["pixels"] = (() => new OperatorNetworks.Pixels(), [Size(2, 8, 8), Size(1, 6, 12)]),
        ["padded"] = (() => new OperatorNetworks.Padded(), [Size(2, 8, 8), Size(1, 6, 11)]),
        ["unpooled"] = (() => new OperatorNetworks.Unpooled(), [Size(2, 8, 8), Size(1, 6, 12)]),
        ["shortcut"] = (() => new OperatorNetworks.Shortcut(isHardCoded: false), [Size(2, 8, 8), Size(1, 6, 11)]),
        ["hard-coded shortcut"] = (() => new OperatorNetworks.Shortcut(isHardCoded: true), [Size(2, 8, 8), Size(1, 6, 11)]),
        ["patches"] = (() => new OperatorNetworks.Patches(), [Size(2, 8, 8), Size(5, 8, 8)]),
        ["compared"] = (() => new OperatorNetworks.Compared(), [Size(2, 8, 8), Size(5, 6, 11)]),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_OfANetwork_IsTheMaskedOneAndSmaller(string name)
    {
        int smaller = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            ScalarType dtype = seed % 3 == 2 ? ScalarType.Float32 : ScalarType.Float64;
            using nn.Module<Tensor, Tensor> model = Create(name, seed, dtype);
            using nn.Module<Tensor, Tensor> reference = Create(name, seed, dtype);
            using MaskSet masks = RandomMasks(model, seed);
            Numbers.ApplyMasks(reference, masks);

            SpeedupReport report = ModelSpeedup.Run(model, [randn(Networks[name].Sizes[0], dtype: dtype)], masks);

            Assert.Empty(report.Barriers);
            smaller += report.ParametersAfter < report.ParametersBefore ? 1 : 0;
            foreach (long[] size in Networks[name].Sizes)
            {
                Tensor input = randn(size, dtype: dtype);
                double error = Numbers.RelativeError(reference.forward(input), model.forward(input));
                Assert.InRange(error, 0, dtype == ScalarType.Float64 ? 1e-10 : 1e-5);
            }
        }

        Assert.True(smaller > 6 || name == "hard-coded shortcut", $"{smaller} of 12 became smaller");
    }

    private static long[] Size(long batch, long height, long width) => [batch, 3, height, width];

    private static nn.Module<Tensor, Tensor> Create(string name, int seed, ScalarType dtype)
    {
        nn.Module<Tensor, Tensor> model = Networks[name].Create();
        manual_seed(seed);
        foreach ((string path, Parameter parameter) in model.named_parameters())
        {
            if (path.Contains("norm", StringComparison.Ordinal))
                parameter.uniform_(0.3, 1.2);
            else
                parameter.normal_(0, path.EndsWith("bias", StringComparison.Ordinal) ? 0.2 : 0.3);
        }
        model.to(dtype);
        model.eval();
        return model;
    }

    /// <summary>Prunes nearly half of the filters; the blocks of a pixel shuffle and of a fold, and both channels of a shuffle, at once.</summary>
    private static MaskSet RandomMasks(nn.Module model, int seed)
    {
        var random = new Random(seed);
        var entries = new List<MaskEntry>();
        foreach ((string path, nn.Module module) in model.named_children())
        {
            if (module is not Convolution convolution || path is "last")
                continue;
            int block = path == "conv2" && model is OperatorNetworks.Pixels or OperatorNetworks.Patches ? 4 : 1;
            int[] blocks = [.. Enumerable.Range(0, (int)convolution.weight.shape[0] / block).Where(_ => random.NextDouble() < 0.45)];
            entries.Add(MaskFactory.Rows(model, path, [.. blocks.SelectMany(b => Enumerable.Range(b * block, block))]));
        }
        return new MaskSet(entries);
    }
}
