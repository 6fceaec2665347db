using System.Globalization;
using SmallNetworks;
using Xunit;
using static TorchSharp.torch;

namespace SmallModels.Tests.CodeWriting;

/// <summary>Every network, written in both languages, computes what the small model computes, at all sizes.</summary>
public sealed class NetworkCodeTests(WrittenNetworks written) : IClassFixture<WrittenNetworks>
{
    private const double Tolerance = 1e-5; // PyTorch has another version of the native library

    /// <summary>Networks that cannot be written, with words of the reason.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["recurrent"] = "makes other calls than on the example", // loops over steps
        ["fields"] = "keeps no state", // counts its calls
    };

    public static TheoryData<string> Networks => [.. CodeNetworks.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void CSharp_OfASmallNetwork_ComputesTheSame(string name)
    {
        SmallNetwork network = CodeNetworks.WithMoreInputs(SmallNetworkCatalog.Find(name));
        string className = WrittenNetworks.ClassOf(network);
        if (IsRefused(name, className + ".cs"))
            return;

        using nn.Module loaded = CompiledCode.Load(Path.Combine(written.Folder, className + ".cs"), className);
        IReadOnlyList<Tensor> actual = network.RunAll(loaded);

        Assert.Equal(written.Outputs[name].Count, actual.Count);
        foreach ((Tensor expected, Tensor got) in written.Outputs[name].Zip(actual))
        {
            Assert.Equal(expected.shape, got.shape);
            Assert.True(expected.bytes.SequenceEqual(got.bytes), $"[{string.Join(", ", expected.shape)}] differs");
            got.Dispose();
        }
    }

    [Fact]
    public void PyTorch_OfSmallNetworks_ComputesTheSame()
    {
        IReadOnlyDictionary<string, string>? lines = PyTorch.Compare(written.Folder);
        if (lines is null)
            Assert.Skip("There is no python3 with torch on this machine.");
        foreach ((string name, string line) in lines)
            TestContext.Current.TestOutputHelper?.WriteLine($"{name} {line}");

        foreach (SmallNetwork network in CodeNetworks.All)
        {
            string className = WrittenNetworks.ClassOf(network);
            if (IsRefused(network.Name, className + ".py"))
                continue;
            string[] words = lines[className].Split(' ');
            Assert.True(
                words[0] == CodeNetworks.WithMoreInputs(network).Inputs.Count.ToString(CultureInfo.InvariantCulture),
                $"{className} {lines[className]}"
            );
            Assert.InRange(double.Parse(words[1], CultureInfo.InvariantCulture), 0, Tolerance);
        }
    }

    private bool IsRefused(string network, string file)
    {
        if (!Refused.TryGetValue(network, out string? words))
        {
            Assert.False(written.Refusals.TryGetValue(file, out string? reason), reason);
            return false;
        }
        Assert.Contains(words, written.Refusals[file], StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(written.Folder, file)));
        return true;
    }
}
