using Speedup.Abstractions;
using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Case 19: a layer that is called twice, a layer that two read, and a tensor that the caller reads.</summary>
public sealed class SharingTests
{
    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    public static TheoryData<bool, ScalarType> Signs =>
        new MatrixTheoryData<bool, ScalarType>([false, true], [ScalarType.Float32, ScalarType.Float64]);

    [Theory]
    [MemberData(nameof(Signs))]
    public void LayerCalledTwice_IsEqual_AndShrinksWhereBothCallsReadZeros(bool readsZeros, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<Twice>(
            () => new Twice(),
            dtype,
            [2, 3, 8, 8],
            adjust: model =>
            {
                if (readsZeros)
                    model.SinkBiases();
            }
        );
        foreach (string path in (string[])["enter", "shared"])
            trial.Masks.Add(path, 1, 2, 6);

        trial.Run();

        int width = readsZeros ? 5 : 8; // different constants cannot go into the one bias
        Assert.Equal([width, 3, 3, 3], trial.Shape("enter.weight"));
        Assert.Equal([width, width, 3, 3], trial.Shape("shared.weight"));
        trial.AssertEqual([1, 3, 8, 8], [3, 3, 8, 8], [2, 3, 5, 14]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void LayerWithTwoReaders_OnePaddedAndOneLinear_IsEqualInBoth(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<TwoReaders>(() => new TwoReaders(), dtype, [2, 3, 8, 8], adjust: model => model.RaiseBias());
        trial.Masks.Add("conv1", 1, 2, 6);

        trial.Run();

        Assert.Equal([6, 3, 3, 3], trial.Shape("conv1.weight")); // five live, one carries for the padded reader
        Assert.Equal([4, 6, 3, 3], trial.Shape("conv2.weight"));
        Assert.Equal([5, 6], trial.Shape("fc.weight"));
        trial.AssertEqual([1, 3, 8, 8], [3, 3, 8, 8], [2, 3, 5, 14]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TensorThatTheModelReturns_DoesNotShrink(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<Returned>(() => new Returned(), dtype, [2, 3, 8, 8]);
        trial.Masks.Add("conv1", 1, 2, 6);
        trial.Masks.Add("conv2", 0, 3, 4);

        SpeedupReport report = trial.Run();

        Assert.Equal([8, 3, 3, 3], trial.Shape("conv1.weight"));
        Assert.InRange(trial.Shape("conv2.weight")[0], 5, 6);
        KeptChannels kept = Assert.Single(report.Kept, kept => kept.Cause == KeepCause.Boundary);
        Assert.Equal([1, 2, 6], kept.Indices);
        trial.AssertEqual([1, 3, 8, 8], [3, 3, 8, 8], [2, 3, 5, 14]);
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d enter;
        private readonly Conv2d shared;
        private readonly Conv2d last;

        public Twice()
            : base(nameof(Twice))
        {
            enter = nn.Conv2d(3, 8, 3, padding: 1);
            shared = nn.Conv2d(8, 8, 3, padding: 1);
            last = nn.Conv2d(8, 4, 3, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = enter.forward(input).relu();
            x = shared.forward(x).relu();
            x = shared.forward(x).relu();
            return last.forward(x);
        }

        /// <summary>Makes masked channels zero after the ReLU.</summary>
        public void SinkBiases()
        {
            enter.bias!.abs_().neg_();
            shared.bias!.abs_().neg_();
        }
    }

    private sealed class TwoReaders : nn.Module<Tensor, (Tensor, Tensor)>
    {
        private readonly Conv2d conv1;
        private readonly Conv2d conv2;
        private readonly Linear fc;

        public TwoReaders()
            : base(nameof(TwoReaders))
        {
            conv1 = nn.Conv2d(3, 8, 3, padding: 1);
            conv2 = nn.Conv2d(8, 4, 3, padding: 1);
            fc = nn.Linear(8, 5);
            RegisterComponents();
        }

        public override (Tensor, Tensor) forward(Tensor input)
        {
            Tensor x = conv1.forward(input).relu();
            return (conv2.forward(x), fc.forward(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)));
        }

        /// <summary>Makes masked channels positive.</summary>
        public void RaiseBias() => conv1.bias!.abs_().add_(0.05);
    }

    private sealed class Returned : nn.Module<Tensor, (Tensor, Tensor)>
    {
        private readonly Conv2d conv1;
        private readonly Conv2d conv2;
        private readonly Conv2d conv3;

        public Returned()
            : base(nameof(Returned))
        {
            conv1 = nn.Conv2d(3, 8, 3, padding: 1);
            conv2 = nn.Conv2d(8, 8, 3, padding: 1);
            conv3 = nn.Conv2d(8, 4, 3, padding: 1);
            RegisterComponents();
        }

        public override (Tensor, Tensor) forward(Tensor input)
        {
            Tensor features = conv1.forward(input).relu();
            return (features, conv3.forward(conv2.forward(features).relu()));
        }
    }
}
