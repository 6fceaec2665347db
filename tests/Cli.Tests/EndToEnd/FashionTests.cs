using System.Text.Json;
using Speedup.Cli.Fashion;
using Speedup.Cli.Terminals;
using Xunit;

namespace Cli.Tests.EndToEnd;

/// <summary>From images to small models; one epoch is enough to see that all of it works.</summary>
public sealed class FashionTests
{
    [Fact]
    public async Task Example_OnTheShippedImages_MakesSmallModelsThatAreTheMaskedOnes()
    {
        ToolRun run = await ToolRun.Of([
            "example",
            "fashion",
            "--epochs",
            "1",
            "--budget",
            "macs=0.5",
            "--json",
            "--plugins",
            Repository.Plugins,
        ]);

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument rows = JsonDocument.Parse(run.Output);
        Assert.Equal(6, rows.RootElement.GetArrayLength());
        foreach (JsonElement row in rows.RootElement.EnumerateArray())
        {
            Assert.InRange(row.GetProperty("logitError").GetDouble(), 0, 1e-5);
            Assert.Equal(row.GetProperty("maskedAccuracy").GetDouble(), row.GetProperty("smallAccuracy").GetDouble());
            Assert.InRange((double)row.GetProperty("macsAfter").GetInt64() / row.GetProperty("macsBefore").GetInt64(), 0.4, 0.5);
            Assert.InRange(row.GetProperty("denseAccuracy").GetDouble(), 0.3, 1); // chance is 0.1
            Assert.InRange(row.GetProperty("tunedAccuracy").GetDouble(), 0.2, 1);
        }
    }

    [Fact]
    public async Task Example_WithoutImages_SaysWhichFileIsNotThere()
    {
        ToolRun run = await ToolRun.Of(["example", "fashion", "--data", "/nowhere", "--plugins", Repository.Plugins]);

        Assert.Equal(ExitCode.BadUsage, run.ExitCode);
        Assert.Contains("train-images-idx3-ubyte", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000803")] // four axes less than it says
    [InlineData("0000080100000005010203")] // five entries, three are there
    [InlineData("00000D0100000001FF")] // floats
    [InlineData("0000080300000000FFFFFFFF00000001")] // a negative length
    [InlineData("000008047FFFFFFF7FFFFFFF7FFFFFFF7FFFFFFF")] // more than anybody has
    public void IdxFile_ThatIsDamaged_IsRefused(string content)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Convert.FromHexString(content));

            Assert.Contains(path, Assert.Throws<UsageException>(() => IdxFile.Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ShippedImages_AreTwoThousandAndFiveHundred_EachClassAlike()
    {
        using FashionData training = FashionData.LoadTraining(FashionData.ShippedFolder);
        using FashionData test = FashionData.LoadTest(FashionData.ShippedFolder);

        Assert.Equal([2000, 1, 28, 28], training.Images.shape);
        Assert.Equal(500, test.Count);
        Assert.All(training.Labels.data<long>().GroupBy(label => label), same => Assert.Equal(200, same.Count()));
        Assert.Equal(10, test.Labels.data<long>().Distinct().Count());
    }
}
