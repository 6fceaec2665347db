using Zoo.Networks;
using static TorchSharp.torch;

namespace Zoo;

/// <summary>All networks, from easy to hard.</summary>
public static class ZooCatalog
{
    private const int Vocabulary = 100;
    private const int Tokens = 12;

    /// <summary>The networks.</summary>
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        Vision("lenet", _ => new LeNet(), 1, 32, null, 32, "fc3") with
        {
            MeasuredBatch = 1024,
            Inputs = [Image(32, 32, 1)],
            FullInputs = [Image(32, 32, 1)],
        },
        Vision("alexnet", d => new AlexNet(d, Classes(d)), 8, 64, 96, 224, "classifier.6") with
        {
            MeasuredBatch = 512,
            FullParameters = 61_100_840,
        },
        Vision("vgg11_bn", d => new VggBn(d, Classes(d)), 8, 32, 64, 224, "classifier.6") with
        {
            MeasuredBatch = 256,
            FullParameters = 132_868_840,
        },
        Vision("resnet18", d => ResNet.Create18(d, Classes(d)), 8, 48, 64, 224, "fc") with
        {
            MeasuredBatch = 256,
            FullParameters = 11_689_512,
        },
        Vision("resnet50", d => ResNet.Create50(d, Classes(d)), 8, 48, 64, 224, "fc") with
        {
            FullParameters = 25_557_032,
        },
        Vision("resnext50", d => ResNet.CreateResNeXt50(d, Classes(d)), 8, 48, 64, 224, "fc") with
        {
            FullParameters = 25_028_904,
        },
        Vision("wide_resnet50", d => ResNet.CreateWide50(d, Classes(d)), 8, 48, 64, 224, "fc") with
        {
            FullParameters = 68_883_240,
        },
        Vision("squeezenet", d => new SqueezeNet(d, Classes(d)), 4, 48, 64, 224, "classifier.1") with
        {
            MeasuredBatch = 256,
            FullParameters = 1_235_496,
        },
        Vision("densenet121", d => new DenseNet(d, Classes(d)), 4, 32, 64, 224, "classifier") with
        {
            FullParameters = 7_978_856,
        },
        Vision("googlenet", d => new GoogLeNet(d, Classes(d)), 4, 48, 64, 224, "fc") with
        {
            MeasuredBatch = 96,
            FullParameters = 6_624_904,
        },
        Vision("inception_v3", d => new InceptionV3(d, Classes(d)), 8, 75, 96, 299, "fc") with
        {
            FullParameters = 27_161_264,
        },
        Vision("mobilenet_v1", d => new MobileNetV1(d, Classes(d)), 4, 48, 64, 224, "classifier") with
        {
            MeasuredBatch = 256,
        },
        Vision("mobilenet_v2", d => new MobileNetV2(d, Classes(d)), 4, 48, 64, 224, "classifier.1") with
        {
            FullParameters = 3_504_872,
        },
        Vision("mobilenet_v3_small", d => MobileNetV3.CreateSmall(d, Classes(d)), 4, 48, 64, 224, "classifier.3") with
        {
            MeasuredBatch = 384,
            FullParameters = 2_542_856,
        },
        Vision("mobilenet_v3_large", d => MobileNetV3.CreateLarge(d, Classes(d)), 4, 48, 64, 224, "classifier.3") with
        {
            FullParameters = 5_483_032,
        },
        Vision("mnasnet", d => new MnasNet(d, Classes(d)), 4, 48, 64, 224, "classifier.1") with
        {
            FullParameters = 4_383_312,
        },
        Vision("shufflenet_v2", d => new ShuffleNetV2(d, Classes(d)), 4, 48, 64, 224, "fc") with
        {
            MeasuredBatch = 256,
            FullParameters = 2_278_604,
        },
        Vision("efficientnet_b0", d => new EfficientNet(d, Classes(d)), 4, 48, 64, 224, "classifier.1") with
        {
            FullParameters = 5_288_548,
        },
        Vision("regnet_y_400mf", d => new RegNet(d, Classes(d)), 2, 48, 64, 224, "fc") with
        {
            FullParameters = 4_344_144,
        },
        Vision("convnext_tiny", d => new ConvNeXt(d, Classes(d)), 8, 32, 64, 224, "classifier.2") with
        {
            MeasuredBatch = 256,
            FullParameters = 28_589_128,
        },
        Vision("unet", d => new UNet(d, 2), 8, 32, 48, 224, "outc") with
        {
            MeasuredBatch = 96,
        },
        Vision("fpn_detector", d => new PyramidDetector(d, 8), 8, 48, 64, 224, "cls_logits", "bbox_pred") with
        {
            MeasuredBatch = 256,
        },
        Vision("dcgan", d => new DcganGenerator(d), 8, 1, null, 1, "main.12") with
        {
            MeasuredBatch = 256,
            Inputs = [new([2, 100, 1, 1])],
            SecondInputs = [new([1, 100, 2, 3])],
            FullInputs = [new([1, 100, 1, 1])],
        },
        Vision("vit", d => new VisionTransformer(d, d == 1 ? 224 : 32, d == 1 ? 16 : 8, Classes(d)), 8, 32, null, 224, "head") with
        {
            MeasuredBatch = 64,
            FullParameters = 86_567_656,
        },
        Text("bert", d => new BertEncoder(d, 4, Vocabulary, 2 * Tokens), "pooler") with
        {
            MeasuredBatch = 256,
        },
        Text("gpt", d => new GptDecoder(d, 4, Vocabulary, 2 * Tokens)) with
        {
            MeasuredBatch = 256,
        },
        Vision("mlp_mixer", d => new MlpMixer(d, d == 1 ? 224 : 32, d == 1 ? 16 : 8, Classes(d)), 8, 32, null, 224, "head"),
    ];

    /// <summary>Networks at their original widths and input size, for measuring times.</summary>
    public static IReadOnlyList<ZooEntry> FullSize { get; } =
    [Entries.Single(entry => entry.Name == "resnet50") with { Name = "resnet50_224" }];

    /// <summary>Both.</summary>
    public static IEnumerable<ZooEntry> All => Entries.Concat(FullSize);

    private static int Classes(int divisor) => divisor == 1 ? 1000 : 10;

    private static ZooInput Image(long height, long width, long channels = 3, long batch = 2) => new([batch, channels, height, width]);

    private static ZooEntry Vision(
        string name,
        Func<int, nn.Module> create,
        int divisor,
        int size,
        int? secondSize,
        int fullSize,
        params string[] outputs
    ) =>
        new()
        {
            Name = name,
            Create = create,
            Divisor = divisor,
            Inputs = [Image(size, size)],
            SecondInputs = secondSize is { } other ? [Image(other, size, batch: 3)] : null,
            FullInputs = [Image(fullSize, fullSize, batch: 1)],
            OutputLayers = outputs.ToHashSet(),
        };

    private static ZooEntry Text(string name, Func<int, nn.Module> create, params string[] outputs) =>
        new()
        {
            Name = name,
            Create = create,
            Divisor = 8,
            Inputs = [new([2, Tokens], Vocabulary)],
            SecondInputs = [new([3, Tokens + 5], Vocabulary)],
            FullInputs = [new([1, 2 * Tokens], Vocabulary)],
            OutputLayers = outputs.ToHashSet(),
        };
}
