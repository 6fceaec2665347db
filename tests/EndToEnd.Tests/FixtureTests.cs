using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

public sealed class FixtureTests
{
    [Theory]
    [InlineData(Fixture.Fpgm)]
    [InlineData(Fixture.L1)]
    [InlineData(Fixture.L1RandomNorm)]
    [InlineData(Fixture.Apoz)]
    [InlineData(Fixture.Slim)]
    public void MaskedModel_OfEveryFixture_YieldsWhatPyTorchYields(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var fixture = new Fixture(name);

        Numbers.ApplyMasks(fixture.Model, fixture.Masks);

        Assert.InRange(Numbers.RelativeError(fixture.MaskedOutput, fixture.Model.forward(fixture.Input)), 0, 1e-5);
    }

    [Theory]
    [InlineData(Fixture.Fpgm)]
    [InlineData(Fixture.L1)]
    [InlineData(Fixture.L1RandomNorm)]
    [InlineData(Fixture.Apoz)]
    [InlineData(Fixture.Slim)]
    public void Exact_OfEveryFixture_YieldsWhatPyTorchYields(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var fixture = new Fixture(name);

        SpeedupReport report = ModelSpeedup.Run(fixture.Model, [fixture.Input], fixture.Masks);

        Assert.Equal(fixture.ParametersBefore, report.ParametersBefore);
        Assert.InRange(Numbers.RelativeError(fixture.MaskedOutput, fixture.Model.forward(fixture.Input)), 0, 1e-5);
        Assert.InRange(report.Verification.MaxRelativeError, 0, 1e-5);
    }
}
