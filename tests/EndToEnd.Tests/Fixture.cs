using System.Text.Json;
using Speedup.Cli.Examples.Models;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Weights, masks, inputs and outputs that NNI and PyTorch wrote.</summary>
internal sealed class Fixture : IDisposable
{
    public const string Fpgm = "naive_mnist_fpgm";
    public const string L1 = "vgg16_cifar10_l1";
    public const string L1RandomNorm = "vgg16_cifar10_l1_bn";
    public const string Apoz = "vgg16_cifar10_apoz";
    public const string Slim = "vgg19_cifar10_slim";

    private readonly StateDict _io;

    public Fixture(string name, ScalarType dtype = ScalarType.Float32)
    {
        Name = name;
        Model =
            name == Fpgm ? new NaiveMnist()
            : name == Slim ? Vgg.Create19(8)
            : Vgg.Create16(8);
        StateDictFile.LoadInto(Model, PathOf("model.pth"));
        Model.to(dtype);
        Masks = MaskFile.Load(PathOf("masks.pth"));
        _io = StateDictFile.Load(PathOf("io.safetensors"));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(PathOf("expected.json")));
        ParametersBefore = expected.RootElement.GetProperty("params_before").GetInt64();
        JsonElement nni = expected.RootElement.GetProperty("nni_2_10");
        NniParameters = nni.GetProperty("params_after").GetInt64();
        NniShapes = nni.GetProperty("shapes")
            .EnumerateObject()
            .ToDictionary(shape => shape.Name, shape => shape.Value.EnumerateArray().Select(length => length.GetInt64()).ToArray());
        Model.eval();
    }

    public string Name { get; }

    public nn.Module<Tensor, Tensor> Model { get; }

    public MaskSet Masks { get; }

    public Tensor Input => _io["input"];

    public Tensor MaskedOutput => _io["masked_output"];

    public long ParametersBefore { get; }

    public long NniParameters { get; }

    public IReadOnlyDictionary<string, long[]> NniShapes { get; }

    public string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "nni", Name, file);

    public void Dispose()
    {
        Model.Dispose();
        Masks.Dispose();
        _io.Dispose();
    }
}
