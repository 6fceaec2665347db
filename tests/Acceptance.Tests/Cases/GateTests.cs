using TorchSharp.Modules;
using Xunit;
using Zoo.Networks;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>
/// Case 9: squeeze and excitation. A constant times a gate is no constant, unless it is zero: such a channel stays, and with it its
/// place in the gate.
/// </summary>
public sealed class GateTests
{
    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    public static TheoryData<string, ScalarType> Networks =>
        new MatrixTheoryData<string, ScalarType>(
            ["mobilenet_v3_small", "mobilenet_v3_large", "efficientnet_b0"],
            [ScalarType.Float32, ScalarType.Float64]
        );

    [Theory]
    [MemberData(nameof(Types))]
    public void Gate_OfConstantChannels_LosesTheZeroOnesAndKeepsTheOthers(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<Gated>(() => new Gated(), dtype, [2, 3, 8, 8], adjust: model => model.ShiftDead(2, 3, 5));
        trial.Masks.Add("conv1", 0, 2, 3, 5, 6); // 2, 3 and 5 are zero after the ReLU, 0 and 6 are not

        trial.Run();

        Assert.Equal([5, 3, 3, 3], trial.Shape("conv1.weight"));
        Assert.Equal([4, 5, 1, 1], trial.Shape("squeeze.weight"));
        Assert.Equal([5, 4, 1, 1], trial.Shape("excite.weight"));
        Assert.Equal([6, 5, 3, 3], trial.Shape("conv2.weight"));
        trial.AssertEqual([1, 3, 8, 8], [3, 3, 8, 8], [2, 3, 5, 17]);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void GatedNetwork_WithMasksOnEveryConvolution_IsEqualAndSmaller(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<nn.Module>(() => Create(name), dtype, [2, 3, 64, 64]);
        trial.Masks.AddRandomHalfOfConvolutions();

        var report = trial.Run();

        Assert.True(report.ParametersAfter < 0.8 * report.ParametersBefore);
        trial.AssertEqual([1, 3, 64, 64], [3, 3, 64, 64], [2, 3, 96, 49]);
    }

    private static nn.Module Create(string name) =>
        name switch
        {
            "mobilenet_v3_small" => MobileNetV3.CreateSmall(4, 10),
            "mobilenet_v3_large" => MobileNetV3.CreateLarge(4, 10),
            _ => new EfficientNet(4, 10),
        };

    private sealed class Gated : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d norm;
        private readonly Conv2d squeeze;
        private readonly Conv2d excite;
        private readonly Conv2d conv2;

        public Gated()
            : base(nameof(Gated))
        {
            conv1 = nn.Conv2d(3, 8, 3, padding: 1, bias: false);
            norm = nn.BatchNorm2d(8);
            squeeze = nn.Conv2d(8, 4, 1);
            excite = nn.Conv2d(4, 8, 1);
            conv2 = nn.Conv2d(8, 6, 3, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = norm.forward(conv1.forward(input)).relu();
            Tensor gate = excite.forward(squeeze.forward(x.mean([2, 3], keepdim: true)).relu()).sigmoid();
            return conv2.forward(x * gate);
        }

        /// <summary>Makes the constant of a masked channel 0.5, or -0.5 for some.</summary>
        public void ShiftDead(params int[] negative)
        {
            using var scope = NewDisposeScope();
            Tensor constant = -norm.running_mean! / (norm.running_var! + norm.eps).sqrt() * norm.weight!;
            norm.bias!.copy_(full_like(constant, 0.5) - constant);
            foreach (int channel in negative)
                norm.bias[channel].sub_(1);
        }
    }
}
