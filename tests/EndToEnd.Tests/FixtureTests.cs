using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>The five fixtures that Python wrote, through the plugin DLLs of the drop-in folder.</summary>
public sealed class FixtureTests
{
    /// <summary>Thin networks pay more for their carrier channels.</summary>
    private const double CarrierAllowance = 1.15;

    public static TheoryData<string> Names => [Fixture.Fpgm, Fixture.L1, Fixture.L1RandomNorm, Fixture.Apoz, Fixture.Slim];

    public static TheoryData<string> NamesOfZeroConstants => [Fixture.Fpgm, Fixture.L1, Fixture.Slim];

    public static TheoryData<string> NamesOfOtherConstants => [Fixture.L1RandomNorm, Fixture.Apoz];

    [Theory]
    [MemberData(nameof(Names))]
    public void MaskedModel_OfEveryFixture_YieldsWhatPyTorchYields(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var fixture = new Fixture(name);

        Numbers.ApplyMasks(fixture.Model, fixture.Masks);

        Assert.InRange(Numbers.RelativeError(fixture.MaskedOutput, fixture.Model.forward(fixture.Input)), 0, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exact_OfEveryFixture_YieldsWhatPyTorchYields(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var fixture = new Fixture(name);

        SpeedupReport report = ModelSpeedup.Run(fixture.Model, [fixture.Input], fixture.Masks);

        Assert.Equal(fixture.ParametersBefore, report.ParametersBefore);
        Assert.Empty(report.Barriers);
        Assert.InRange(Numbers.RelativeError(fixture.MaskedOutput, fixture.Model.forward(fixture.Input)), 0, 1e-5);
        Assert.InRange(report.Verification.MaxRelativeError, 0, 1e-5);
        Assert.Equal(report.ParametersAfter, fixture.Model.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exact_InFloat64AtASecondSize_IsTheMaskedModel(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var fixture = new Fixture(name, ScalarType.Float64);
        using var reference = new Fixture(name, ScalarType.Float64);
        Numbers.ApplyMasks(reference.Model, reference.Masks);
        Tensor example = fixture.Input.to(ScalarType.Float64);

        SpeedupReport report = ModelSpeedup.Run(fixture.Model, [example], fixture.Masks);

        Assert.Equal(1e-10, report.Verification.Tolerance);
        foreach (Tensor input in new[] { example, randn_like(example), SecondSize(name) })
        {
            double error = Numbers.RelativeError(reference.Model.forward(input), fixture.Model.forward(input));
            Assert.InRange(error, 0, 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Drop_OfEveryFixture_HasTheShapesOfNni(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var fixture = new Fixture(name);

        SpeedupReport report = ModelSpeedup.Run(
            fixture.Model,
            [fixture.Input],
            fixture.Masks,
            options => options.Defaults = new SpeedupOptions { Policy = ConstantPolicy.Drop }
        );

        Assert.Equal(fixture.NniParameters, report.ParametersAfter);
        Dictionary<string, Tensor> state = fixture.Model.state_dict();
        Assert.Equal(fixture.NniShapes.Keys.Order(), state.Keys.Order());
        Assert.All(fixture.NniShapes, expected => Assert.Equal(expected.Value, state[expected.Key].shape));
        Assert.Equal(fixture.MaskedOutput.shape, fixture.Model.forward(fixture.Input).shape);
    }

    [Theory]
    [MemberData(nameof(NamesOfZeroConstants))]
    public void Exact_WhereAllConstantsAreZero_IsNoLargerThanNni(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = new Fixture(name);

        SpeedupReport report = ModelSpeedup.Run(fixture.Model, [fixture.Input], fixture.Masks);

        Assert.InRange(report.ParametersAfter, 1, fixture.NniParameters);
        Assert.DoesNotContain(report.Kept, kept => kept.Cause == KeepCause.Carrier);
    }

    [Theory]
    [MemberData(nameof(NamesOfOtherConstants))]
    public void Exact_WithRandomBatchNorm_PaysForNamedCarriersOnly(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = new Fixture(name);

        SpeedupReport report = ModelSpeedup.Run(fixture.Model, [fixture.Input], fixture.Masks);

        Assert.InRange(report.ParametersAfter, fixture.NniParameters, (long)(CarrierAllowance * fixture.NniParameters));
        KeptChannels[] carriers = [.. report.Kept.Where(kept => kept.Cause == KeepCause.Carrier)];
        Assert.Equal(report.Kept.Count, carriers.Length);
        Assert.All(carriers, carrier => Assert.Contains($"channel {carrier.Indices[0]} carries", carrier.Reason, StringComparison.Ordinal));
        Assert.Equal(carriers.Length, carriers.Select(carrier => carrier.Operator).Distinct().Count()); // one per padded consumer
        Assert.Contains(report.Layers, layer => layer.Reasons.Any(reason => reason.StartsWith("Carrier", StringComparison.Ordinal)));
    }

    private static Tensor SecondSize(string name) =>
        name == Fixture.Fpgm ? randn(3, 1, 28, 28, dtype: ScalarType.Float64) : randn(2, 3, 40, 36, dtype: ScalarType.Float64);
}
