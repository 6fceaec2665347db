using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

/// <summary>The reference data of tests/Fixtures/nni and the networks it was made with.</summary>
internal static class FixtureFiles
{
    public static readonly string[] Folders =
    [
        "naive_mnist_fpgm",
        "vgg16_cifar10_l1",
        "vgg16_cifar10_l1_bn",
        "vgg16_cifar10_apoz",
        "vgg19_cifar10_slim",
    ];

    public static string PathOf(string folder, string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "nni", folder, file);

    /// <summary>A file of tests/Fixtures/torch.</summary>
    public static string TorchFile(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "torch", file);

    public static JsonDocument Expected(string folder) => JsonDocument.Parse(File.ReadAllText(PathOf(folder, "expected.json")));

    public static nn.Module<Tensor, Tensor> Network(string folder) =>
        folder[..5] switch
        {
            "naive" => new Naive(),
            "vgg16" => new Vgg([64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512]),
            _ => new Vgg([64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512]),
        };

    private sealed class Naive : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = nn.Conv2d(1, 20, 5);
        private readonly Conv2d conv2 = nn.Conv2d(20, 50, 5);
        private readonly Linear fc1 = nn.Linear(800, 500);
        private readonly Linear fc2 = nn.Linear(500, 10);

        public Naive()
            : base(nameof(Naive)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            Tensor x = nn.functional.max_pool2d(nn.functional.relu6(conv1.forward(input)), 2, 2);
            x = nn.functional.max_pool2d(nn.functional.relu6(conv2.forward(x)), 2, 2);
            x = nn.functional.relu6(fc1.forward(x.view(-1, 800)));
            return scope.MoveToOuter(fc2.forward(x));
        }
    }

    private sealed class Vgg : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential feature;
        private readonly Sequential classifier;

        public Vgg(int[] widths)
            : base(nameof(Vgg))
        {
            List<(string, nn.Module<Tensor, Tensor>)> layers = [];
            int channels = 3;
            foreach (int width in widths)
            {
                if (width == 0)
                {
                    layers.Add(($"{layers.Count}", nn.MaxPool2d(2, 2)));
                    continue;
                }
                layers.Add(($"{layers.Count}", nn.Conv2d(channels, width / 8, 3, padding: 1, bias: false)));
                layers.Add(($"{layers.Count}", nn.BatchNorm2d(width / 8)));
                layers.Add(($"{layers.Count}", nn.ReLU()));
                channels = width / 8;
            }
            feature = nn.Sequential(layers);
            classifier = nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 10));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            Tensor x = nn.functional.avg_pool2d(feature.forward(input), 2);
            return scope.MoveToOuter(classifier.forward(x.view(x.shape[0], -1)));
        }
    }
}
