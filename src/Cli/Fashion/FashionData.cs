using Speedup.Cli.Terminals;
using static TorchSharp.torch;

namespace Speedup.Cli.Fashion;

/// <summary>Images and labels of Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017).</summary>
internal sealed class FashionData : IDisposable
{
    /// <summary>Length of an image's side in pixels.</summary>
    public const int Side = 28;

    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    // Mean and deviation of a pixel over all training images.
    private const float Mean = 0.2860f;
    private const float Deviation = 0.3530f;

    private FashionData(Tensor images, Tensor labels) => (Images, Labels) = (images, labels);

    /// <summary>The subset that ships with the tool: 2,000 training and 500 test images.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "Examples", "Data", "fashion_mnist");

    /// <summary>Images, [image, 1, row, column], float32, about zero mean and unit deviation.</summary>
    public Tensor Images { get; }

    /// <summary>Classes, [image], int64.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of images.</summary>
    public int Count => (int)Labels.shape[0];

    /// <summary>Reads the training images of a folder in IDX format.</summary>
    public static FashionData LoadTraining(string folder) => Load(folder, "train");

    /// <summary>Reads the test images of a folder in IDX format.</summary>
    public static FashionData LoadTest(string folder) => Load(folder, "t10k");

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }

    private static FashionData Load(string folder, string kind)
    {
        IdxFile images = IdxFile.Read(Path.Combine(folder, $"{kind}-images-idx3-ubyte"));
        IdxFile labels = IdxFile.Read(Path.Combine(folder, $"{kind}-labels-idx1-ubyte"));
        if (images.Lengths is not [var count, Side, Side] || labels.Lengths is not [var labelled] || count != labelled || count == 0)
            throw new UsageException(
                $"'{folder}' has '{kind}' images of [{string.Join(", ", images.Lengths)}] and labels of [{string.Join(", ", labels.Lengths)}]; expected are "
                    + $"[N, {Side}, {Side}] and [N]."
            );
        if (labels.Entries.FirstOrDefault(label => label >= Classes) is > 0 and var wrong)
            throw new UsageException($"'{folder}' has a '{kind}' label of {wrong}; expected are 0 to {Classes - 1}.");
        using var scope = NewDisposeScope();
        using Tensor bytes = tensor(images.Entries, dtype: ScalarType.Byte);
        using Tensor mean = tensor(Mean);
        using Tensor deviation = tensor(Deviation * 255);
        Tensor pixels = bytes.to_type(ScalarType.Float32).reshape(count, 1, Side, Side).sub(mean.mul(tensor(255f))).div(deviation);
        Tensor classes = tensor(labels.Entries.Select(label => (long)label).ToArray());
        return new FashionData(pixels.DetachFromDisposeScope(), classes.DetachFromDisposeScope());
    }
}
