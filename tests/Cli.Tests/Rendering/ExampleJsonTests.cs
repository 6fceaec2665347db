using System.Text.Json;
using Speedup.Cli.Rendering;
using Xunit;

namespace Cli.Tests.Rendering;

public sealed class ExampleJsonTests
{
    [Fact]
    public void Write_OfAnExample_HasTheDocumentedKeys()
    {
        using var writer = new StringWriter();

        JsonOutput.Write(writer, ExampleJson.Of(SampleReport.Example()));

        using JsonDocument document = JsonDocument.Parse(writer.ToString());
        JsonElement root = document.RootElement;
        Assert.Equal("fpgm", root.GetProperty("example").GetString());
        Assert.Equal(3.2e-7, root.GetProperty("maxRelativeError").GetDouble());
        Assert.Equal(540, root.GetProperty("parametersBefore").GetInt64());
        Assert.Equal(270, root.GetProperty("parametersAfter").GetInt64());
        Assert.Equal(1_000_000, root.GetProperty("macsBefore").GetInt64());
        Assert.Equal(500_000, root.GetProperty("macsAfter").GetInt64());
        Assert.Equal(0.75, root.GetProperty("speedupSeconds").GetDouble());
        JsonElement row = root.GetProperty("latency")[1];
        Assert.Equal(2, row.GetProperty("times").GetInt32());
        Assert.Equal(0.041, row.GetProperty("maskedSeconds").GetDouble());
        Assert.Equal(0.0205, row.GetProperty("speedupSeconds").GetDouble());
    }

    [Fact]
    public void Write_OfCauses_NamesThem()
    {
        using var writer = new StringWriter();

        JsonOutput.Write(writer, ExampleJson.Of(SampleReport.Example()));

        using JsonDocument document = JsonDocument.Parse(writer.ToString());
        Assert.Equal("carrier", document.RootElement.GetProperty("kept")[0].GetProperty("cause").GetString());
        Assert.Equal("exact", document.RootElement.GetProperty("policy").GetString());
    }

    [Fact]
    public void Write_OfAnErrorThatIsNotANumber_IsStillJson()
    {
        using var writer = new StringWriter();

        JsonOutput.Write(writer, ExampleJson.Of(SampleReport.Example()) with { MaxRelativeError = double.NaN });

        using JsonDocument document = JsonDocument.Parse(writer.ToString());
        Assert.Equal("NaN", document.RootElement.GetProperty("maxRelativeError").GetString());
    }
}
