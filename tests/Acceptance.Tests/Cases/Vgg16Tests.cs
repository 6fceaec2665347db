using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Case 1: VGG-16 with BatchNorm at full width, half of every convolution's filters.</summary>
public sealed class Vgg16Tests
{
    [Fact]
    public void Vgg16_AtFullWidthWithHalfOfAllFilters_IsEqualAtTwoSizesAndShrinksEverywhere()
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<Vgg16>(() => new Vgg16(), ScalarType.Float32, [1, 3, 64, 64]);
        trial.Masks.AddRandomHalfOfConvolutions();

        SpeedupReport report = trial.Run();

        (string Path, int[] Rows)[] convolutions = [.. trial.Masks.Dead.Select(dead => (dead.Key, dead.Value))];
        Assert.Equal(13, convolutions.Length);
        foreach ((string path, int[] dead) in convolutions[..^1])
            Assert.InRange(trial.Shape(path + ".weight")[0], dead.Length, dead.Length + 1); // one may carry the constants of the others
        Assert.Equal(256, trial.Shape(convolutions[^1].Path + ".weight")[0]); // read by a linear layer, which needs no carrier
        Assert.Equal([4096, 49 * 256], trial.Shape("classifier.0.weight"));
        Assert.Equal(138_365_992, report.ParametersBefore);
        trial.AssertEqual([1, 3, 224, 224], [2, 3, 224, 224], [1, 3, 256, 192]);
    }

    /// <summary>Configuration D of the paper with BatchNorm, as torchvision has it.</summary>
    private sealed class Vgg16 : nn.Module<Tensor, Tensor>
    {
        private const int Pool = 0;
        private static readonly int[] Widths =
        [
            64,
            64,
            Pool,
            128,
            128,
            Pool,
            256,
            256,
            256,
            Pool,
            512,
            512,
            512,
            Pool,
            512,
            512,
            512,
            Pool,
        ];

        private readonly Sequential features;
        private readonly AdaptiveAvgPool2d avgpool;
        private readonly Sequential classifier;

        public Vgg16()
            : base(nameof(Vgg16))
        {
            features = nn.Sequential(Features());
            avgpool = nn.AdaptiveAvgPool2d(7);
            classifier = nn.Sequential(
                nn.Linear(512 * 7 * 7, 4096),
                nn.ReLU(inplace: true),
                nn.Dropout(),
                nn.Linear(4096, 4096),
                nn.ReLU(inplace: true),
                nn.Dropout(),
                nn.Linear(4096, 1000)
            );
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = avgpool.forward(features.forward(input));
            return classifier.forward(flatten(x, 1));
        }

        private static IEnumerable<nn.Module<Tensor, Tensor>> Features()
        {
            int channels = 3;
            foreach (int width in Widths)
            {
                if (width == Pool)
                {
                    yield return nn.MaxPool2d(2, 2);
                    continue;
                }
                yield return nn.Conv2d(channels, channels = width, 3, padding: 1);
                yield return nn.BatchNorm2d(width);
                yield return nn.ReLU(inplace: true);
            }
        }
    }
}
