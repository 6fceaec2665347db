using System.Text.Json;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

public sealed class NniFixtureTests
{
    public static TheoryData<string> Folders => [.. FixtureFiles.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Load_MasksOfNni_HaveTheShapesThatNniReports(string folder)
    {
        using var live = new LiveTensors();
        using JsonDocument expected = FixtureFiles.Expected(folder);

        using MaskSet masks = MaskFile.Load(FixtureFiles.PathOf(folder, "masks.pth"));

        int count = 0;
        foreach (JsonProperty module in expected.RootElement.GetProperty("masks").EnumerateObject())
        foreach (JsonProperty parameter in module.Value.EnumerateObject())
        {
            MaskEntry? entry = masks.Find(module.Name, parameter.Name);
            if (parameter.Value.ValueKind == JsonValueKind.Null)
            {
                Assert.Null(entry);
                continue;
            }
            Assert.Equal(parameter.Value.EnumerateArray().Select(size => size.GetInt64()), entry!.Mask.shape);
            count++;
        }
        Assert.True(count > 0);
        Assert.Equal(count, masks.Entries.Count);
        using var scope = NewDisposeScope();
        using nn.Module model = FixtureFiles.Network(folder);
        MaskValidator.Validate(model, masks);
        Assert.InRange(masks.MeasureSparsity().Ratio, 0.4, 0.75);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void LoadInto_WeightsOfPyTorch_GivesPyTorchsOutputs(string folder)
    {
        using var live = new LiveTensors();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        // In float64, as oneDNN's float32 convolution of 20 channels is wrong by 0.1 on some processors.
        using nn.Module<Tensor, Tensor> model = FixtureFiles.Network(folder).to(ScalarType.Float64);
        using StateDict io = StateDictFile.Load(FixtureFiles.PathOf(folder, "io.safetensors"));
        using MaskSet masks = MaskFile.Load(FixtureFiles.PathOf(folder, "masks.pth"));
        using JsonDocument expected = FixtureFiles.Expected(folder);
        model.eval();

        StateDictFile.LoadInto(model, FixtureFiles.PathOf(folder, "model.pth"));

        Assert.Equal(expected.RootElement.GetProperty("params_before").GetInt64(), model.parameters().Sum(p => p.NumberOfElements));
        Assert.Equal(expected.RootElement.GetProperty("input_shape").EnumerateArray().Select(size => size.GetInt64()), io["input"].shape);
        AssertClose(io["dense_output"], model.forward(io["input"].to(ScalarType.Float64)));
        Dictionary<string, Tensor> weights = model.state_dict();
        foreach (MaskEntry entry in masks.Entries)
            weights[$"{entry.ModulePath}.{entry.Parameter}"].mul_(entry.Mask);
        AssertClose(io["masked_output"], model.forward(io["input"].to(ScalarType.Float64)));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Save_WhatWasLoaded_LoadsAgainInBothFormats(string folder)
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        using StateDict original = StateDictFile.Load(FixtureFiles.PathOf(folder, "model.pth"));

        StateDictFile.Save(original, files.File("copy.pth"));
        StateDictFile.Save(original, files.File("copy.safetensors"));

        using StateDict pth = StateDictFile.Load(files.File("copy.pth"));
        using StateDict safetensors = StateDictFile.Load(files.File("copy.safetensors"));
        Assert.Equal(original.Names, pth.Names);
        Assert.Equal(original.Names.Order(), safetensors.Names.Order());
        foreach ((string name, Tensor tensor) in original)
        {
            Assert.Equal(tensor.bytes.ToArray(), pth[name].bytes.ToArray());
            Assert.Equal(tensor.bytes.ToArray(), safetensors[name].bytes.ToArray());
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        double scale = expected.abs().max().to(ScalarType.Float64).item<double>();
        Assert.True(scale > 0);
        Assert.InRange((expected - actual).abs().max().item<double>() / scale, 0, 1e-5);
    }
}
