namespace Speedup.Cli.Examples;

/// <summary>The four examples of NNI's documentation, in its order.</summary>
internal static class ExampleCatalog
{
    public static IReadOnlyList<ExampleDefinition> All { get; } =
    [
        new("slim", "Slim pruner, 70 % of all BatchNorm2d channels", NetworkCatalog.Vgg19, "vgg19_cifar10_slim"),
        new("fpgm", "FPGM pruner, 50 % of all Conv2d filters", NetworkCatalog.Naive, "naive_mnist_fpgm"),
        new("l1filter", "L1 filter pruner, 50 % of the filters of six Conv2d layers", NetworkCatalog.Vgg16, "vgg16_cifar10_l1"),
        new("apoz", "APoZ pruner, 50 % of the filters of six Conv2d layers", NetworkCatalog.Vgg16, "vgg16_cifar10_apoz"),
    ];
}
