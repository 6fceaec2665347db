using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Functional;

/// <summary>Networks whose functions are modules: exact, and no larger than what their twins written with functions become.</summary>
public sealed class FunctionalNetworkTests
{
    private const int Seeds = 10;

    /// <summary>For each network whether its twin becomes as small: code with functions cannot be told unequal parts or other bounds.</summary>
    private static readonly Dictionary<string, (Func<bool, PairedNetwork> Create, bool IsTwinAsSmall, long[][] Sizes)> Networks = new()
    {
        ["residual"] = (
            modules => new Residual { UsesModules = modules },
            true,
            [
                [2, 3, 8, 8],
                [1, 3, 12, 9],
            ]
        ),
        ["branches"] = (
            modules => new Branches { UsesModules = modules },
            true,
            [
                [2, 3, 8, 8],
                [1, 3, 6, 12],
            ]
        ),
        ["gated"] = (
            modules => new Gated { UsesModules = modules },
            true,
            [
                [2, 3, 8, 8],
                [1, 3, 6, 11],
            ]
        ),
        ["attention, written"] = (
            modules => new Attentive(true) { UsesModules = modules },
            true,
            [
                [2, 8, 6],
                [5, 8, 6],
            ]
        ),
        ["attention"] = (
            modules => new Attentive(false) { UsesModules = modules },
            true,
            [
                [2, 8, 6],
                [5, 8, 6],
            ]
        ),
        ["shuffle"] = (
            modules => new Shuffle { UsesModules = modules },
            false,
            [
                [2, 3, 8, 8],
                [1, 3, 6, 11],
            ]
        ),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_OfModules_IsExactAndAsSmallAsWithFunctions(string name)
    {
        int smaller = 0;
        int smallerThanTwin = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            PairedNetwork network = Shrink(name, seed, usesModules: true, out SpeedupReport report);
            PairedNetwork twin = Shrink(name, seed, usesModules: false, out SpeedupReport ofTwin);

            Assert.Empty(report.Barriers);
            Assert.True(
                report.ParametersAfter <= ofTwin.ParametersAfter,
                $"{report.ParametersAfter} parameters, {ofTwin.ParametersAfter} of the twin"
            );
            if (Networks[name].IsTwinAsSmall)
                Assert.Equal(ShapesOf(twin), ShapesOf(network));
            smaller += report.ParametersAfter < report.ParametersBefore ? 1 : 0;
            smallerThanTwin += report.ParametersAfter < ofTwin.ParametersAfter ? 1 : 0;
        }

        Assert.True(smaller > Seeds / 2, $"{smaller} of {Seeds} became smaller");
        Assert.True(smallerThanTwin > 0 || Networks[name].IsTwinAsSmall, "unequal parts and bounds have gained nothing");
    }

    /// <summary>One module cannot have two starts: what makes them differ is kept, and the speedup goes on.</summary>
    [Fact]
    public void Speedup_OfASliceThatIsCalledTwice_KeepsWhatItsCallsDisagreeOn()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        SharedSlice model = Randomize(new SharedSlice(), 1, ScalarType.Float64);
        SharedSlice reference = Randomize(new SharedSlice(), 1, ScalarType.Float64);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3), MaskFactory.Rows(model, "conv2", 4, 7));
        Numbers.ApplyMasks(reference, masks);
        Tensor input = randn([2, 3, 6, 6], dtype: ScalarType.Float64);

        SpeedupReport report = ModelSpeedup.Run(model, [input], masks);

        Assert.InRange(Numbers.RelativeError(reference.forward(input), model.forward(input)), 0, 1e-10);
        Assert.Contains(report.Kept, kept => kept.Reason.Contains("need different values of start", StringComparison.Ordinal));
    }

    private static PairedNetwork Shrink(string name, int seed, bool usesModules, out SpeedupReport report)
    {
        var (create, _, sizes) = Networks[name];
        ScalarType dtype = seed % 3 == 2 ? ScalarType.Float32 : ScalarType.Float64;
        PairedNetwork model = Randomize(create(usesModules), seed, dtype);
        PairedNetwork reference = Randomize(create(usesModules), seed, dtype);
        using MaskSet masks = RandomMasks(model, seed);
        Numbers.ApplyMasks(reference, masks);
        report = ModelSpeedup.Run(model, [randn(sizes[0], dtype: dtype)], masks);
        foreach (long[] size in sizes)
        {
            Tensor input = randn(size, dtype: dtype);
            double error = Numbers.RelativeError(reference.forward(input), model.forward(input));
            Assert.InRange(error, 0, dtype == ScalarType.Float64 ? 1e-10 : 1e-5);
        }
        return model;
    }

    private static T Randomize<T>(T model, int seed, ScalarType dtype)
        where T : nn.Module
    {
        manual_seed(seed);
        foreach ((string path, Parameter parameter) in model.named_parameters())
        {
            if (path.Contains("norm", StringComparison.Ordinal))
                parameter.uniform_(0.3, 1.2);
            else
                parameter.normal_(0, 0.3);
        }
        foreach ((string path, Tensor buffer) in model.named_buffers().Where(entry => entry.buffer.is_floating_point()))
            buffer.uniform_(path.EndsWith("var", StringComparison.Ordinal) ? 0.5 : -0.5, 1.5);
        model.to(dtype);
        model.eval();
        return model;
    }

    /// <summary>Prunes nearly half of the rows, of attention whole heads; some with their bias, so that others leave constants.</summary>
    private static MaskSet RandomMasks(nn.Module model, int seed)
    {
        var random = new Random(seed);
        int[] heads = [.. Enumerable.Range(0, 3).Where(_ => random.NextDouble() < 0.5)];
        var entries = new List<MaskEntry>();
        foreach ((string path, nn.Module module) in model.named_children())
        {
            if (path is "last" or "output" || module is not (Convolution or Linear))
                continue;
            bool isAttention = path is "query" or "key" or "value";
            int length = (int)module.state_dict()["weight"].shape[0];
            int[] rows = isAttention
                ? [.. heads.SelectMany(head => Enumerable.Range(head * 4, 4))]
                : [.. Enumerable.Range(0, length).Where(_ => random.NextDouble() < 0.45)];
            entries.Add(MaskFactory.Rows(model, path, rows));
            if (module.state_dict().TryGetValue("bias", out Tensor? value) && (isAttention || random.Next(2) == 0))
            {
                Tensor mask = ones_like(value).DetachFromDisposeScope();
                foreach (int row in rows)
                    mask[row] = 0;
                entries.Add(new MaskEntry(path, "bias", mask));
            }
        }
        return new MaskSet(entries);
    }

    private static IEnumerable<string> ShapesOf(nn.Module model) =>
        model.named_parameters().Select(entry => $"{entry.name} [{string.Join(", ", entry.parameter.shape)}]");
}
