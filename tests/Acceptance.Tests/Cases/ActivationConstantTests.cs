using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Case 6: a masked filter without bias gives zero, and the activation makes something else of it.</summary>
public sealed class ActivationConstantTests
{
    public static TheoryData<string, ScalarType> Cases =>
        new MatrixTheoryData<string, ScalarType>(["Sigmoid", "Softplus", "Hardsigmoid", "cos"], [ScalarType.Float32, ScalarType.Float64]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Activation_ThatIsNotZeroAtZero_IsEqualAndShrinks(string activation, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<Chain>(() => new Chain(activation), dtype, [2, 3, 8, 8]);
        trial.Masks.Add("conv1", 0, 2, 3, 7);

        trial.Run();

        Assert.Equal([5, 3, 3, 3], trial.Shape("conv1.weight")); // four live, one carries
        Assert.Equal([6, 5, 3, 3], trial.Shape("conv2.weight"));
        trial.AssertEqual([1, 3, 8, 8], [3, 3, 8, 8], [2, 3, 3, 17]);
    }

    private sealed class Chain : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly nn.Module<Tensor, Tensor>? activation;
        private readonly Conv2d conv2;

        public Chain(string name)
            : base(nameof(Chain))
        {
            conv1 = nn.Conv2d(3, 8, 3, bias: false);
            activation = name switch
            {
                "Sigmoid" => nn.Sigmoid(),
                "Softplus" => nn.Softplus(),
                "Hardsigmoid" => nn.Hardsigmoid(),
                _ => null, // a cosine is a function only
            };
            conv2 = nn.Conv2d(8, 6, 3, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = conv1.forward(input);
            return conv2.forward(activation is null ? x.cos() : activation.forward(x));
        }
    }
}
