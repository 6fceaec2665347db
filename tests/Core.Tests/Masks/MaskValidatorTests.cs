using Core.Tests.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Masks;

public sealed class MaskValidatorTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int64)]
    public void Validate_FittingMasks_Passes(ScalarType type)
    {
        using Sequential model = Network();
        using var masks = new MaskSet([
            new MaskEntry("conv1", "weight", zeros([4, 3, 3, 3], type)),
            new MaskEntry("conv1", "bias", ones([4], type)),
            new MaskEntry("block.conv2", "weight", ones([2, 4, 1, 1], type)),
        ]);
        using var live = new LiveTensors();

        MaskValidator.Validate(model, masks);
        MaskValidator.Validate(model, MaskSet.Empty);
    }

    [Fact]
    public void Validate_ParameterOfTheRoot_HasTheEmptyPath()
    {
        using Linear model = nn.Linear(3, 2);
        using var masks = new MaskSet([new MaskEntry("", "weight", ones(2, 3))]);

        MaskValidator.Validate(model, masks);
    }

    [Fact]
    public void Validate_AllKindsOfFaults_ReportsThemInOneException()
    {
        using Sequential model = Network();
        using var masks = new MaskSet([
            new MaskEntry("conv_1", "weight", ones(4, 3, 3, 3)),
            new MaskEntry("conv1", "wieght", ones(4, 3, 3, 3)),
            new MaskEntry("conv1", "weight", ones(4, 3)),
            new MaskEntry("conv1", "bias", full([4], 0.5)),
            new MaskEntry("conv1", "bias", ones(4)),
            new MaskEntry("block.conv2", "weight", ones([2, 4, 1, 1], ScalarType.ComplexFloat32)),
            new MaskEntry("act", "weight", ones(1)),
        ]);
        using var live = new LiveTensors();

        var error = Assert.Throws<MaskException>(() => MaskValidator.Validate(model, masks));

        Assert.Equal("SPD1101", error.Code);
        Assert.Null(error.ModulePath);
        Assert.Equal(
            ["SPD1102", "SPD1103", "SPD1104", "SPD1105", "SPD1106", "SPD1107", "SPD1103"],
            error.Faults.Select(fault => fault.Code)
        );
        Assert.Contains("the nearest is 'conv1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("it has 'weight', 'bias'", error.Message, StringComparison.Ordinal);
        Assert.Contains("has shape [4, 3], the parameter has [4, 3, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("4 of 4 values that are neither 0 nor 1, the first is 0.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("(ReLU) has no parameter 'weight'; it has none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_NaN_IsNoMaskValue()
    {
        using Sequential model = Network();
        using var masks = new MaskSet([new MaskEntry("conv1", "bias", full([4], double.NaN))]);

        var error = Assert.Throws<MaskException>(() => MaskValidator.Validate(model, masks));

        Assert.Equal("SPD1105", Assert.Single(error.Faults).Code);
        Assert.Equal("conv1", error.ModulePath);
    }

    [Fact]
    public void Validate_PrefixOfDataParallel_IsNamed()
    {
        using Sequential model = Network();
        using Sequential wrapped = nn.Sequential(("module", Network()));
        using var prefixed = new MaskSet([new MaskEntry("module.block.conv2", "weight", ones(2, 4, 1, 1))]);
        using var plain = new MaskSet([new MaskEntry("block.conv2", "weight", ones(2, 4, 1, 1))]);

        var left = Assert.Throws<MaskException>(() => MaskValidator.Validate(model, prefixed));
        var right = Assert.Throws<MaskException>(() => MaskValidator.Validate(wrapped, plain));

        Assert.Contains("the prefix 'module.' was left by DataParallel", left.Message, StringComparison.Ordinal);
        Assert.Contains("the model is wrapped", right.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ManyFaults_ListsAllAndShowsTwenty()
    {
        using Sequential model = Network();
        using var masks = new MaskSet(Enumerable.Range(0, 50).Select(i => new MaskEntry($"layer{i}", "weight", ones(1))));

        var error = Assert.Throws<MaskException>(() => MaskValidator.Validate(model, masks));

        Assert.Equal(50, error.Faults.Count);
        Assert.Contains("and 30 more", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conv1", "conv1")]
    [InlineData("layer1.0.conv", "layer1.0.conv1")]
    [InlineData("features.3", "feature.3")]
    [InlineData("zzz", null)]
    public void Find_NearestName_AllowsAFewEdits(string wrong, string? expected)
    {
        var nearest = new NearestName(["conv1", "layer1.0.conv1", "feature.3", ""]);

        Assert.Equal(expected, nearest.Find(wrong));
    }

    private static Sequential Network() =>
        nn.Sequential(("conv1", nn.Conv2d(3, 4, 3)), ("act", nn.ReLU()), ("block", nn.Sequential(("conv2", nn.Conv2d(4, 2, 1)))));
}
