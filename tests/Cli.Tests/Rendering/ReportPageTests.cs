using System.Xml.Linq;
using Speedup.Cli.Rendering;
using Speedup.Core.Reporting;
using Xunit;

namespace Cli.Tests.Rendering;

public sealed class ReportPageTests
{
    [Fact]
    public void Write_AReport_HoldsItsFiguresInTables()
    {
        SpeedupReport report = SampleReport.Create();

        XElement body = Body(ReportPage.Write(report));

        Assert.Contains("540", body.Value, StringComparison.Ordinal);
        Assert.Contains("270", body.Value, StringComparison.Ordinal);
        XElement layers = body.Elements("table")
            .Single(table => table.Descendants("th").First().Value == "Layer" && table.Value.Contains("MACs"));
        Assert.Equal(
            report.Layers.Select(layer => layer.Path),
            layers.Descendants("tr").Skip(1).Select(row => row.Elements("td").First().Value)
        );
        Assert.Contains("channel 4 carries the constants", body.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NamesThatLookLikeHtml_AreText()
    {
        const string Hostile = "<script src=\"https://example.org/x.js\">x</script> <img src=x onerror=y>";

        XElement body = Body(ReportPage.Write(SampleReport.Create() with { Notes = [Hostile] }));

        Assert.Contains("<script", body.Value, StringComparison.Ordinal);
        Assert.Empty(body.Descendants("script"));
        Assert.Empty(body.Descendants("img"));
    }

    [Fact]
    public void Write_AReport_NeedsNoOtherFile()
    {
        string page = ReportPage.Write(SampleReport.Create());

        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
    }

    private static XElement Body(string page)
    {
        int start = page.IndexOf("<body>", StringComparison.Ordinal);
        int end = page.IndexOf("</body>", StringComparison.Ordinal) + "</body>".Length;
        return XElement.Parse(page[start..end]);
    }
}
