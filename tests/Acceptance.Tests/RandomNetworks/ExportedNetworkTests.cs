using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Onnx;
using Speedup.Onnx.Verification;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>
/// Random networks export, and give the same in ONNX Runtime at all sizes tried, or are refused by name: never is there a wrong file.
/// SPEEDUP_SEED is the first seed (1 if not set) and SPEEDUP_EXPORTS the number of networks (60 if not set).
/// </summary>
public sealed class ExportedNetworkTests(ITestOutputHelper output)
{
    /// <summary>These networks multiply and divide what is random, in float32.</summary>
    private const double Tolerance = 1e-3;

    [Fact]
    public void Export_OfRandomNetworks_AgreesOrSaysWhyNot()
    {
        using ServiceProvider services = new ServiceCollection().AddSpeedupOnnx().BuildServiceProvider();
        IOnnxExporter exporter = services.GetRequiredService<IOnnxExporter>();
        (int first, int count) = (Read("SPEEDUP_SEED", 1), Read("SPEEDUP_EXPORTS", 60));
        var failures = new StringBuilder();
        var refusals = new Dictionary<string, int>(StringComparer.Ordinal);
        string folder = Directory.CreateTempSubdirectory("speedup-random-").FullName;
        for (int seed = first; seed < first + count; seed++)
        {
            string path = Path.Combine(folder, $"{seed}.onnx");
            if (Export(exporter, seed, path) is not { } refusal)
                continue;
            foreach (string reason in refusal.Reasons)
                refusals[reason] = refusals.GetValueOrDefault(reason) + 1;
            if (refusal is { Code: "SPD9303", InnerException: null } || refusal.Reasons.Count == 0 || File.Exists(path))
                failures.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}: {refusal.Message}\n{Describe(seed)}");
        }
        int exported = Directory.GetFiles(folder).Length;
        Directory.Delete(folder, recursive: true);

        output.WriteLine($"{exported} of {count} networks exported.");
        foreach ((string reason, int times) in refusals.OrderByDescending(entry => entry.Value))
            output.WriteLine($"{times}: {reason}");
        Assert.True(failures.Length == 0, failures.ToString());
        Assert.True(exported > count / 3, $"Only {exported} of {count} networks were exported.");
    }

    private static OnnxException? Export(IOnnxExporter exporter, int seed, string path)
    {
        using var scope = NewDisposeScope();
        using RandomNetwork network = NetworkGenerator.Create(seed, dtype: ScalarType.Float32);
        network.eval();
        using var generator = new Generator((ulong)seed);
        Tensor example = randn(
            [2, NetworkGenerator.InputChannels, NetworkGenerator.Size, NetworkGenerator.Size],
            dtype: ScalarType.Float32,
            generator: generator
        );
        try
        {
            exporter.Save(
                network,
                [example],
                path,
                new OnnxExportOptions
                {
                    Verifier = new OnnxRuntimeRunner { Threads = 1 },
                    Tolerance = Tolerance,
                }
            );
            return null;
        }
        catch (OnnxException refusal)
        {
            return refusal;
        }
    }

    private static string Describe(int seed)
    {
        using RandomNetwork network = NetworkGenerator.Create(seed);
        return network.Describe();
    }

    private static int Read(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
