using Speedup.Persistence.Masks;
using Xunit;

namespace Core.Tests.Masks;

public sealed class QuotedTests
{
    [Theory]
    [InlineData("layer1.0.conv-1_weight", "layer1.0.conv-1_weight")]
    [InlineData("gewicht_ä漢 🙂", "gewicht_ä漢 🙂")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\r\nb\tc\0", "a\\u000d\\u000ab\\u0009c\\u0000")]
    [InlineData("\u202eevil\u2066", "\\u202eevil\\u2066")]
    [InlineData("\u200b\ufeff\u2028", "\\u200b\\ufeff\\u2028")]
    [InlineData("\u009b31m", "\\u009b31m")]
    public void Text_OfAnyCharacters_ShowsWhatCanBeShown(string text, string expected) => Assert.Equal(expected, Quoted.Text(text));

    [Fact]
    public void Text_OfHalfAPair_ShowsItsCode()
    {
        Assert.Equal("a\\ud800b", Quoted.Text("a" + (char)0xd800 + "b"));
        Assert.Equal("\\udc00", Quoted.Text(((char)0xdc00).ToString()));
    }

    [Fact]
    public void Text_OfAMegabyte_IsCut()
    {
        string cut = Quoted.Text(new string('x', 1 << 20));

        Assert.Equal(new string('x', 120) + "... (1048576 characters)", cut);
        Assert.InRange(Quoted.Text(new string('\u0001', 1 << 20)).Length, 120, 160);
    }

    [Fact]
    public void Message_OfSeveralLines_KeepsThemAndNothingElseThatSteers()
    {
        Assert.Equal("a\n  b\\u001b", Quoted.Message("a\n  b\u001b"));
        Assert.Equal(500, Quoted.Message(new string('x', 500)).Length);
    }
}
