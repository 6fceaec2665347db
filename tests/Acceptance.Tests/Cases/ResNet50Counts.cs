namespace Acceptance.Tests.Cases;

/// <summary>
/// Parameters and multiply-accumulates of ResNet-50 at 224x224 for 1000 classes, worked out from its table of widths: as it is, and
/// with all widths halved.
/// </summary>
/// <param name="Parameters">Parameters, without running statistics.</param>
/// <param name="Macs">
/// Multiply-accumulates as Torch-Pruning counts: convolutions and the linear layer with their biases, two for each value of a
/// BatchNorm, one for each value of a ReLU, and one for each value that a pooling reads.
/// </param>
internal sealed record ResNet50Counts(long Parameters, long Macs)
{
    private static readonly (int Width, int Blocks)[] Stages = [(64, 3), (128, 4), (256, 6), (512, 3)];

    /// <summary>Counts.</summary>
    /// <param name="divisor">1 or 2.</param>
    /// <param name="keepsConstants">
    /// Whether what the pruned half leaves behind is there as well: one carrier in front of every padded convolution, and a bias in
    /// every other one that reads a pruned tensor.
    /// </param>
    public static ResNet50Counts Of(int divisor, bool keepsConstants)
    {
        var counter = new Counter(keepsConstants);
        int size = 112;
        int channels = 64 / divisor;
        counter.Convolution(3, channels, 7, size, hasBias: false);
        counter.Relu(channels, size);
        counter.Pooling(channels, size);
        size = 56;
        foreach ((int fullWidth, int blocks) in Stages)
        {
            int width = fullWidth / divisor;
            int inner = width + (keepsConstants ? 1 : 0);
            for (int block = 0; block < blocks; block++)
            {
                int before = size;
                size = block == 0 && fullWidth > 64 ? size / 2 : size;
                counter.Convolution(channels, inner, 1, before, keepsConstants);
                counter.Relu(inner, before);
                counter.Convolution(inner, width, 3, size, hasBias: false);
                counter.Relu(width, size);
                counter.Convolution(width, 4 * width, 1, size, keepsConstants);
                counter.Relu(4 * width, size);
                if (block == 0)
                    counter.Convolution(channels, 4 * width, 1, size, keepsConstants);
                channels = 4 * width;
            }
        }
        counter.Pooling(channels, size);
        counter.Linear(channels, 1000);
        return new ResNet50Counts(counter.Parameters, counter.Macs);
    }

    private sealed class Counter(bool keepsConstants)
    {
        public long Parameters { get; private set; }

        public long Macs { get; private set; }

        /// <summary>A convolution and the BatchNorm behind it.</summary>
        public void Convolution(long input, long output, long kernel, long size, bool hasBias)
        {
            long values = output * size * size;
            Parameters += (output * input * kernel * kernel) + (2 * output) + (keepsConstants && hasBias ? output : 0);
            Macs += (values * input * kernel * kernel) + (2 * values) + (keepsConstants && hasBias ? values : 0);
        }

        public void Relu(long channels, long size) => Macs += channels * size * size;

        public void Pooling(long channels, long size) => Macs += channels * size * size;

        public void Linear(long input, long output)
        {
            Parameters += (input * output) + output;
            Macs += (input * output) + output;
        }
    }
}
